import { describe, expect, it } from 'vitest';
import { parseEndpoint } from '#core/gateway/model/endpoint.ts';
import { PinMismatch } from '#core/gateway/transport/tls.ts';
import { cancelled, transportError } from '#core/gateway/transport/transport-errors.ts';
import { AppError } from '#shared/errors.ts';

const endpoint = parseEndpoint('https://s3.example.com:8443');
const coded = (code: string, message = code, rest: object = {}) =>
  Object.assign(new Error(message), { code, ...rest });

describe('transportError', () => {
  it.each([
    ['ENOTFOUND', 'NAME_NOT_RESOLVED', false, false],
    ['EAI_AGAIN', 'NAME_NOT_RESOLVED', true, false],
    ['ECONNREFUSED', 'CONNECTION_REFUSED', true, false],
    ['EHOSTUNREACH', 'NETWORK_UNREACHABLE', true, false],
    ['ENETUNREACH', 'NETWORK_UNREACHABLE', true, false],
    ['UND_ERR_CONNECT_TIMEOUT', 'TIMED_OUT', true, false],
    ['UND_ERR_HEADERS_TIMEOUT', 'TIMED_OUT', true, true],
    ['UND_ERR_BODY_TIMEOUT', 'TIMED_OUT', true, true],
    ['ETIMEDOUT', 'TIMED_OUT', true, true],
    ['ECONNRESET', 'CONNECTION_RESET', true, true],
    ['EPIPE', 'CONNECTION_RESET', true, true],
    ['UND_ERR_SOCKET', 'CONNECTION_RESET', true, true],
    ['ESOMETHINGNEW', 'CONNECTION_RESET', true, true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERTIFICATE_UNTRUSTED', false, false],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'CERTIFICATE_UNTRUSTED', false, false],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'CERTIFICATE_UNTRUSTED', false, false],
    ['CERT_HAS_EXPIRED', 'CERTIFICATE_UNTRUSTED', false, false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'CERTIFICATE_UNTRUSTED', false, false],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'TLS_FAILED', false, false],
    ['EPROTO', 'TLS_FAILED', false, false],
    ['HPE_INVALID_CONSTANT', 'ANSWER_FOREIGN', false, false],
  ])('%s is %s', (from, code, retryable, mayHaveActed) => {
    const error = transportError(coded(from), endpoint, false);
    expect(error).toMatchObject({ code, retryable, details: { mayHaveActed } });
    expect(error.message).toContain('s3.example.com');
  });

  it('finds the telling error within others', () => {
    const inner = coded('ECONNREFUSED');
    expect(transportError(new AggregateError([inner, inner]), endpoint, false).code).toBe(
      'CONNECTION_REFUSED',
    );
    const wrapped = new TypeError('fetch failed', { cause: coded('ENOTFOUND') });
    expect(transportError(wrapped, endpoint, false).code).toBe('NAME_NOT_RESOLVED');
  });

  it('suggests https where a plain connection is hung up on, and nowhere else', () => {
    const plain = parseEndpoint('http://s3.example.com:8443');
    expect(transportError(coded('ECONNRESET'), plain, false).hint).toContain('https://');
    expect(transportError(coded('ECONNRESET'), endpoint, false).hint).not.toContain('https://');
    expect(transportError(coded('ECONNREFUSED'), plain, false).hint).not.toContain('https://');
  });

  it('knows that nothing was sent while a connection was not established', () => {
    for (const error of [
      coded('ETIMEDOUT', 'connect ETIMEDOUT', { syscall: 'connect' }),
      coded('ECONNRESET', 'Client network socket disconnected before secure TLS connection'),
    ]) {
      expect(transportError(error, endpoint, false).details).toMatchObject({ mayHaveActed: false });
    }
  });

  it.each([
    [coded('ECONNREFUSED'), /cannot be reached/],
    [coded('ENOTFOUND'), /cannot be reached/],
    [coded('UND_ERR_ABORTED', 'Proxy response (502) !== 200 when HTTP Tunneling'), /status 502/],
    [coded('UND_ERR_ABORTED', 'Proxy response (407) !== 200 when HTTP Tunneling'), /password/],
    [coded('UND_ERR_INVALID_ARG', 'Proxy Authentication Required (407)'), /password/],
    [coded('UND_ERR_PRX_TLS'), /certificate/],
  ])('blames the proxy for %s', (thrown, message) => {
    expect(transportError(thrown, endpoint, true)).toMatchObject({
      code: 'PROXY_FAILED',
      message: expect.stringMatching(message),
    });
  });

  it('blames a header that cannot be sent on what was entered', () => {
    expect(transportError(coded('UND_ERR_INVALID_ARG'), endpoint, false).code).toBe(
      'INPUT_INVALID',
    );
  });

  it('shows the certificate that is not the pinned one', () => {
    const facts = {
      fingerprint256: 'AA:BB',
      subject: 'CN=gateway',
      issuer: 'CN=gateway',
      validFrom: '2026-01-01T00:00:00.000Z',
      validTo: '2027-01-01T00:00:00.000Z',
      selfSigned: true,
    };
    expect(transportError(new PinMismatch(facts), endpoint, false)).toMatchObject({
      code: 'CERTIFICATE_PIN_MISMATCH',
      details: { fingerprint256: 'AA:BB', mayHaveActed: false },
    });
  });

  it('leaves errors of the console alone', () => {
    const error = cancelled();
    expect(transportError(error, endpoint, false)).toBe(error);
    expect(error).toBeInstanceOf(AppError);
  });
});
