import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAddress, parseEndpoint } from '#core/gateway/model/endpoint.ts';

describe('parseEndpoint', () => {
  it.each([
    ['https://s3.example.com', 'https://s3.example.com', 443, true],
    ['s3.example.com', 'https://s3.example.com', 443, true],
    ['  https://S3.Example.COM:443/ ', 'https://s3.example.com', 443, true],
    ['s3.example.com:8443', 'https://s3.example.com:8443', 8443, true],
    ['http://10.0.0.1:8080', 'http://10.0.0.1:8080', 8080, false],
    ['https://[::1]:9000', 'https://[::1]:9000', 9000, true],
    ['https://пример.испытание', 'https://xn--e1afmkfd.xn--80akhbyknj4f', 443, true],
    ['https://bücher.example/', 'https://xn--bcher-kva.example', 443, true],
  ])('reads %s', (text, origin, port, secure) => {
    expect(parseEndpoint(text)).toMatchObject({ origin, port, secure, unprotected: !secure });
  });

  it.each([
    ['', /No endpoint/],
    ['https://s3 example.com', /space/],
    ['ftp://s3.example.com', /https:\/\/ or http:\/\//],
    ['https://', /not an address/],
    ['https://300.1.1.1', /not an address/],
    ['https://s3.example.com:99999', /not an address/],
    ['https://s3.example.com:0', /port 0/],
    ['https://user:word@s3.example.com', /user name or password/],
    ['https://s3.example.com/?ostor-users', /more behind/],
    ['https://s3.example.com/panel', /more behind/],
    ['https://s3.example.com#x', /more behind/],
  ])('refuses %s', (text, message) => {
    expect(() => parseEndpoint(text)).toThrow(
      expect.objectContaining({
        code: 'ENDPOINT_INVALID',
        message: expect.stringMatching(message),
      }),
    );
  });

  it('never repeats a password that was pasted with it', () => {
    expect(() => parseEndpoint('https://user:hunter2@s3.example.com')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
    );
  });

  it('refuses with its own code, or yields an origin that reads as itself', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.string(), fc.domain()), (text) => {
        try {
          const { origin } = parseEndpoint(text);
          expect(parseEndpoint(origin).origin).toBe(origin);
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'ENDPOINT_INVALID' });
        }
      }),
    );
  });
});

describe('isAddress', () => {
  it('tells addresses from names', () => {
    expect(isAddress(parseEndpoint('https://[::1]'))).toBe(true);
    expect(isAddress(parseEndpoint('10.0.0.1'))).toBe(true);
    expect(isAddress(parseEndpoint('localhost'))).toBe(false);
  });
});
