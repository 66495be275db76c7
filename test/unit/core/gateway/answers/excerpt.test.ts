import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptOf } from '#core/gateway/answers/answer-text.ts';

describe('excerptOf', () => {
  it.each([
    ['{"AWSSecretAccessKey": "shortsecret", "x": 1}', '{"AWSSecretAccessKey": [hidden], "x": 1}'],
    ['{"AWSecretAccessKey":"shortsecret"}', '{"AWSecretAccessKey":[hidden]}'],
    ['{"AWSSecretAccessKey":"cut off in the mid', '{"AWSSecretAccessKey":[hidden]'],
    [
      '<S3SecretAccessKey>shortsecret</S3SecretAccessKey>',
      '<S3SecretAccessKey>[hidden]</S3SecretAccessKey>',
    ],
    [
      '<SignatureProvided>abc=</SignatureProvided>',
      '<SignatureProvided>[hidden]</SignatureProvided>',
    ],
    ['Authorization: AWS key:signature=', 'Authorization: [hidden]'],
    ['key is HSDu2DA00JNGjnRcAhLKfhrvlymzOVdLPsCK2dcq indeed', 'key is [hidden] indeed'],
  ])('hides what can be a secret in %s', (text, expected) => {
    expect(excerptOf(text)).toBe(expected);
  });

  it('hides the given secrets wherever they are', () => {
    expect(excerptOf('before s3cr3t/+ after', ['s3cr3t/+', ''])).toBe('before [hidden] after');
  });

  it('keeps request ids and user ids', () => {
    const text = 'request 0123456789abcdef0123456789abcdef of a14040e0b2ef8b28';
    expect(excerptOf(text)).toBe(text);
  });

  it('is one short line that never holds a key pair of the gateway', () => {
    const character = fc.constantFrom(
      ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
    );
    const secret = fc.string({ unit: character, minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(fc.string(), secret, fc.string(), (before, key, after) => {
        const excerpt = excerptOf(
          `${before}\n{"AWSSecretAccessKey": "${key}"} ${after.repeat(20)}`,
          [key],
        );
        expect(excerpt).not.toContain(key);
        expect(excerpt).not.toMatch(/[\r\n]/);
        expect(excerpt.length).toBeLessThanOrEqual(301);
      }),
    );
  });
});
