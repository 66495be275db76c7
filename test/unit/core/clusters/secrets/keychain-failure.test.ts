import { describe, expect, it } from 'vitest';
import { describeKeychainFailure } from '#core/clusters/secrets/keychain.ts';

describe('describeKeychainFailure', () => {
  it.each([
    ['Failed to load keytar native addon, checked ["../build/Release"]', 'libsecret'],
    ['libsecret-1.so.0: cannot open shared object file', 'libsecret'],
    ['Cannot autolaunch D-Bus without X11 $DISPLAY', 'Secret Service'],
    ['The name org.freedesktop.secrets was not provided by any .service files', 'Secret Service'],
    ['Object does not exist at path “/org/freedesktop/secrets/collection/login”', 'locked'],
    ['Cannot create an item in a locked collection', 'locked'],
    ['something new', 'something new'],
  ])('explains %s', (text, words) => {
    expect(describeKeychainFailure(new Error(text))).toContain(words);
  });

  it('has a sentence for what is no error', () => {
    expect(describeKeychainFailure(undefined)).toBe('The keychain failed.');
  });
});
