import { describe, expect, it } from 'vitest';
import { readReason, reasonInBody } from '#core/gateway/answers/answer-text.ts';

const xml =
  '<?xml version="1.0"?><Error><Code>NoSuchUser</Code><Message>none &amp; nothing</Message></Error>';

describe('readReason', () => {
  it('takes the words of the header and the code of the body', () => {
    expect(readReason({ 'x-amz-err-message': 'from the header' }, xml)).toEqual({
      code: 'NoSuchUser',
      message: 'from the header',
    });
  });

  it.each([
    [xml, { code: 'NoSuchUser', message: 'none & nothing' }],
    ['{"Error":{"Code":"X","Message":"m"}}', { code: 'X', message: 'm' }],
    ['{"Code":"X","Message":"m"}', { code: 'X', message: 'm' }],
    ['{"code":"X","message":"m"}', { code: 'X', message: 'm' }],
    ['{"error":"went wrong"}', { code: '', message: 'went wrong' }],
    ['', { code: '', message: '' }],
    ['plain words', { code: '', message: '' }],
    ['<html><body>no</body></html>', { code: '', message: '' }],
    ['<Error><Code>Cut', { code: '', message: '' }],
  ])('reads %s', (body, reason) => {
    expect(readReason({}, body)).toEqual(reason);
  });
});

describe('reasonInBody', () => {
  it.each([
    '{"Users":[]}',
    '[]',
    '{"status":"ok"}',
    '<html/>',
    '{"Buckets":[',
    '{"code":403,"message":"no"}',
  ])('finds no error in %s', (body) => {
    expect(reasonInBody(body)).toBeNull();
  });
});
