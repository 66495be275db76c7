import { describe, expect, it } from 'vitest';
import { parseAnswer } from '#core/gateway/answers/answer-body.ts';

describe('parseAnswer', () => {
  it.each([
    ['<html><body>Sign in</body></html>', 'ANSWER_NOT_JSON'],
    ['', 'ANSWER_NOT_JSON'],
    ['OK', 'ANSWER_NOT_JSON'],
    ['{not: json}', 'ANSWER_NOT_JSON'],
    ['{"Buckets":[{"name":"a', 'ANSWER_TRUNCATED'],
    ['[{"UserId":"a"},', 'ANSWER_TRUNCATED'],
    ['{"text":"bracket } in a string', 'ANSWER_TRUNCATED'],
    ['{"Error":{"Code":"InternalError","Message":"no"}}', 'ANSWER_ERROR_IN_SUCCESS'],
    ['<Error><Code>InternalError</Code></Error>', 'ANSWER_ERROR_IN_SUCCESS'],
  ])('refuses %s', (text, code) => {
    const origin = { status: 200, requestId: 'r1' };
    expect(() => parseAnswer(text, origin)).toThrow(
      expect.objectContaining({ code, status: 200, requestId: 'r1' }),
    );
  });

  it('shows a piece of what came, without its secrets', () => {
    try {
      parseAnswer('[{"AWSSecretAccessKey":"tenants-secret","UserId":', { secrets: ['ours'] });
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        details: { excerpt: '[{"AWSSecretAccessKey":[hidden],"UserId":' },
      });
    }
  });

  it('hands on anything else', () => {
    expect(parseAnswer('{"Buckets":[]}')).toEqual({ Buckets: [] });
  });
});
