import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePath, encodeQuery, percentEncode } from '#core/gateway/model/request.ts';
import { AppError } from '#shared/errors.ts';

const wellFormed = fc.string({ unit: 'binary' });

describe('percentEncode', () => {
  it.each([
    ['a+b@example.com', 'a%2Bb%40example.com'],
    ['two words', 'two%20words'],
    ["o'hara", 'o%27hara'],
    ['(star*)!', '%28star%2A%29%21'],
    ['пользователь', '%D0%BF%D0%BE%D0%BB%D1%8C%D0%B7%D0%BE%D0%B2%D0%B0%D1%82%D0%B5%D0%BB%D1%8C'],
    ['user@bücher.example', 'user%40b%C3%BCcher.example'],
    ['a&b=c#d?e/f', 'a%26b%3Dc%23d%3Fe%2Ff'],
    ['100%', '100%25'],
    ['-._~', '-._~'],
    ['🪣', '%F0%9F%AA%A3'],
  ])('encodes %s', (text, encoded) => {
    expect(percentEncode(text)).toBe(encoded);
  });

  it('leaves nothing but unreserved characters and escapes, and loses nothing', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        const encoded = percentEncode(text);
        expect(encoded).toMatch(/^(?:[A-Za-z0-9\-._~]|%[0-9A-F]{2})*$/);
        expect(decodeURIComponent(encoded)).toBe(text);
      }),
    );
  });

  it('refuses half a character', () => {
    expect(() => percentEncode('\ud800')).toThrow(AppError);
  });
});

describe('encodeQuery', () => {
  it('keeps the service first and without a value', () => {
    expect(
      encodeQuery([
        ['ostor-users', null],
        ['emailAddress', 'a+b@example.com'],
        ['genKey', null],
      ]),
    ).toBe('ostor-users&emailAddress=a%2Bb%40example.com&genKey');
  });

  it('never emits an empty selector', () => {
    expect(() =>
      encodeQuery([
        ['ostor-buckets', null],
        ['emailAddress', ''],
      ]),
    ).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });

  it('is read back by any reader of queries as it was meant', () => {
    const value = wellFormed.filter((text) => text !== '');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), value)), (parameters) => {
        const read = [...new URLSearchParams(encodeQuery(parameters))];
        expect(read).toEqual(parameters);
      }),
    );
  });
});

describe('encodePath', () => {
  it('keeps the slashes of a key and encodes all else', () => {
    expect(encodePath('bucket', 'year=2026/a b+c.parquet')).toBe(
      '/bucket/year%3D2026/a%20b%2Bc.parquet',
    );
  });

  it.each(['', '.', '..', 'a/b'])('refuses the bucket name "%s"', (name) => {
    expect(() => encodePath(name)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });

  it('refuses an empty key, which would be the bucket', () => {
    expect(() => encodePath('bucket', '')).toThrow(AppError);
  });
});
