import { describe, expect, it } from 'vitest';
import { errorAnswer } from '#simulator/http/send-answer.ts';
import { encodeJson, Refusal } from '#simulator/model/answer.ts';
import { RequestLog } from '#simulator/model/request-log.ts';

describe('request log', () => {
  const request = { at: 0, method: 'GET', service: 's3', path: '/', query: '', requestId: '' };

  describe('RequestLog', () => {
    it('counts on, finds what was changed, and forgets when asked to', () => {
      const log = new RequestLog();
      log.add(request);
      log.add(request).acted = [{ kind: 'user.created', target: 'a' }];
      log.add(request).acted = [{ kind: 'quota.set', target: 'b' }];
      expect(log.entries.map(({ seq }) => seq)).toEqual([1, 2, 3]);
      expect(log.acted().map(({ seq }) => seq)).toEqual([2, 3]);
      expect(log.acted('quota.set').map(({ seq }) => seq)).toEqual([3]);
      log.clear();
      expect(log.entries).toEqual([]);
      expect(log.add(request)).toMatchObject({
        seq: 4,
        status: null,
        accessKeyId: null,
        acted: [],
      });
    });
  });
});

describe('answer', () => {
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
});
