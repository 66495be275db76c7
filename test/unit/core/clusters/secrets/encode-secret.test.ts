import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSecret, encodeSecret } from '#core/clusters/secrets/keychain-secret-store.ts';

describe('encodeSecret', () => {
  it('writes one line of base64 that yields the secret again, whatever it is', () => {
    assert(
      property(string({ minLength: 1, unit: 'grapheme' }), (secret) => {
        const value = encodeSecret(secret);
        expect(value).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
        expect(decodeSecret(value)).toBe(secret);
      }),
    );
  });

  it('keeps a byte order mark, which is part of the secret', () => {
    expect(decodeSecret(encodeSecret('\uFEFFa'))).toBe('\uFEFFa');
  });

  it.each(['', 'not base64!', 'YWJj\n', 'YWJ', 'YR==', '/w=='])(
    'takes %j for no secret',
    (value) => {
      expect(decodeSecret(value)).toBeNull();
    },
  );
});
