import { describe, expect, it } from 'vitest';
import { errorAnswer } from '#simulator/http/error-answer.ts';
import { encodeJson, Refusal } from '#simulator/model/answer.ts';

describe('encodeJson', () => {
  it('writes integers past 2^53 exactly and everything else as JSON does', () => {
    const value = { big: 2n ** 63n, list: [1, 'a"b', null, true, {}], none: undefined };
    expect(encodeJson(value)).toBe('{"big":9223372036854775808,"list":[1,"a\\"b",null,true,{}]}');
  });
});

describe('errorAnswer', () => {
  it('escapes what would break the document or the header', () => {
    const answer = errorAnswer(new Refusal(400, 'Bad', 'a < "b" é'), 'xml-and-header', 'id');
    expect(Buffer.concat(answer.body).toString()).toContain('a &lt; &quot;b&quot; é</Message>');
    expect(answer.headers['x-amz-err-message']).toBe('a < "b" ?');
  });
});
