import { describe, expect, it } from 'vitest';
import { answerError, type RefusedAnswer } from '#core/gateway/answers/answer-errors.ts';

const now = new Date('2026-03-01T10:00:00Z');
const answer: RefusedAnswer = {
  purpose: 'list the users',
  status: 403,
  headers: { date: 'Sun, 01 Mar 2026 10:00:00 GMT' },
  body: '',
  requestId: 'f00',
  accessKeyId: 'a14040e0b2ef8b28FZZ8',
  now,
  secrets: ['our-secret'],
};
const xml = (code: string, message = 'words') =>
  `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
const inHeader = (words: string) => ({
  headers: { ...answer.headers, 'x-amz-err-message': words },
});

describe('answerError', () => {
  it.each<[string, Partial<RefusedAnswer>]>([
    ['SIGNATURE_REFUSED', { body: xml('SignatureDoesNotMatch') }],
    [
      'SIGNATURE_REFUSED',
      inHeader('The request signature we calculated does not match the signature you provided.'),
    ],
    [
      'SIGNATURE_REFUSED',
      { status: 400, body: xml('InvalidRequest', 'The authorization mechanism is not supported.') },
    ],
    ['SIGNATURE_REFUSED', { status: 400, body: xml('AuthorizationHeaderMalformed') }],
    ['ACCESS_KEY_UNKNOWN', { body: xml('InvalidAccessKeyId') }],
    [
      'ACCESS_KEY_UNKNOWN',
      inHeader('The AWS Access Key Id you provided does not exist in our records.'),
    ],
    ['CLOCK_SKEWED', { body: xml('RequestTimeTooSkewed') }],
    [
      'CLOCK_SKEWED',
      inHeader('The difference between the request time and the current time is too large.'),
    ],
    ['CLOCK_SKEWED', { headers: { date: 'Sun, 01 Mar 2026 09:00:00 GMT' } }],
    ['ACCESS_DENIED', { body: xml('AccessDenied') }],
    ['ACCESS_DENIED', {}],
    ['ACCESS_DENIED', { status: 401 }],
    ['NOT_FOUND', { status: 404 }],
    ['NOT_FOUND', { status: 404, body: xml('NoSuchThing') }],
    ['ANSWER_NOT_JSON', { status: 404, body: '<html><h1>404 Not Found</h1></html>' }],
    ['ANSWER_NOT_JSON', { status: 405, body: '\n<!DOCTYPE html>\n<title>Panel</title>' }],
    ['GATEWAY_FAILED', { status: 502, body: '<html><h1>502 Bad Gateway</h1></html>' }],
    ['CONFLICT', { status: 409 }],
    ['REQUEST_REFUSED', { status: 400 }],
    ['BUCKET_NOT_EMPTY', { status: 409, body: xml('BucketNotEmpty') }],
    ['TOO_MANY_REQUESTS', { status: 429 }],
    ['TOO_MANY_REQUESTS', { status: 503, body: xml('SlowDown') }],
    ['GATEWAY_FAILED', { status: 500 }],
    ['GATEWAY_FAILED', { status: 503 }],
    ['REQUEST_REFUSED', { status: 501 }],
    ['TIMED_OUT', { status: 408 }],
    ['REDIRECTED', { status: 301 }],
    ['REDIRECTED', { status: 307, headers: { location: 'https://elsewhere.example/' } }],
  ])('%s for %j', (code, partial) => {
    const error = answerError({ ...answer, ...partial });
    expect(error).toMatchObject({ code, requestId: 'f00', status: partial.status ?? 403 });
    expect(error.message).toMatch(/\.$/);
    expect(error.hint).not.toBe('');
  });

  it('names the measured difference of the clocks', () => {
    const error = answerError({
      ...answer,
      headers: { date: 'Sun, 01 Mar 2026 11:00:00 GMT' },
      body: xml('RequestTimeTooSkewed'),
    });
    expect(error.message).toContain("1 hour behind the gateway's");
    expect(error.details).toMatchObject({ skewSeconds: -3600 });
  });

  it('names https where a port wants it', () => {
    const body = '<html><h1>400</h1>The plain HTTP request was sent to HTTPS port</html>';
    const error = answerError({ ...answer, status: 400, body });
    expect(error.message).toContain('speaks https');
    expect(error.hint).toContain('https://');
  });

  it('names where a redirect leads', () => {
    const headers = { location: 'https://elsewhere.example/login' };
    expect(answerError({ ...answer, status: 302, headers }).message).toContain(
      'https://elsewhere.example/login',
    );
  });

  it('names the region a gateway expects', () => {
    const body = xml(
      'AuthorizationHeaderMalformed',
      "The region 'us-east-1' is wrong; expecting 'ru-1'",
    );
    const error = answerError({ ...answer, status: 400, body });
    expect(error.hint).toBe('Set the region of this connection to ru-1.');
  });

  it('says that a gateway gave no reason, where it gave none', () => {
    expect(answerError(answer).message).toContain('gave no reason');
  });

  it('puts the meaning for one operation first: by code, by words, by status', () => {
    const refusal = {
      code: 'KEY_LIMIT_REACHED',
      message: 'Two are there.',
      hint: 'Revoke.',
    } as const;
    const refusals = { 409: refusal, LimitExceeded: { ...refusal, words: /maximum/ } };
    const reported = (partial: Partial<RefusedAnswer>) =>
      answerError({ ...answer, refusals, ...partial }).code;
    expect(reported({ status: 409 })).toBe('KEY_LIMIT_REACHED');
    expect(reported({ status: 400, body: xml('LimitExceeded') })).toBe('KEY_LIMIT_REACHED');
    expect(reported({ status: 400, ...inHeader('the maximum is reached') })).toBe(
      'KEY_LIMIT_REACHED',
    );
    expect(reported({ status: 400, body: xml('Other') })).toBe('REQUEST_REFUSED');
  });

  it('never takes a refused signature for the meaning of a status', () => {
    const refusals = {
      403: { code: 'ACCESS_DENIED', message: 'Not yours.', hint: 'Ask.' } as const,
    };
    const body = xml('SignatureDoesNotMatch');
    expect(answerError({ ...answer, refusals, body }).code).toBe('SIGNATURE_REFUSED');
  });

  it('marks as retryable, and as possibly done, what the gateway itself failed at', () => {
    const failed = answerError({ ...answer, status: 500 });
    expect(failed).toMatchObject({ retryable: true, details: { mayHaveActed: true } });
    for (const status of [400, 404, 501]) {
      const refused = answerError({ ...answer, status });
      expect(refused).toMatchObject({ retryable: false, details: { mayHaveActed: false } });
    }
    const busy = answerError({ ...answer, status: 429 });
    expect(busy).toMatchObject({ retryable: true, details: { mayHaveActed: false } });
  });

  it('shows what the gateway said, and hides secrets in it', () => {
    const body = xml('InvalidArgument', 'bad value our-secret');
    const error = answerError({ ...answer, status: 400, body });
    expect(error.message).toBe(
      'The gateway refused to list the users (status 400): bad value [hidden].',
    );
    expect(JSON.stringify(error.toData())).not.toContain('our-secret');
  });
});
