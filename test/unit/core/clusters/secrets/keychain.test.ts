import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeychainProcess, systemKeychain } from '#core/clusters/secrets/keychain-process.ts';
import { describeKeychainFailure } from '#core/clusters/secrets/secret-store.ts';

describe('systemKeychain', () => {
  it('works in a separate process on Linux, where a locked keyring can hold a call up', () => {
    expect(systemKeychain('linux')).toBeInstanceOf(KeychainProcess);
    expect(systemKeychain('darwin')).not.toBeInstanceOf(KeychainProcess);
    expect(systemKeychain('win32')).not.toBeInstanceOf(KeychainProcess);
  });
});

describe('KeychainProcess', () => {
  let keychain: KeychainProcess;

  beforeEach(() => {
    keychain = new KeychainProcess(new URL('./silent-keychain.ts', import.meta.url));
  });

  afterEach(() => keychain.close());

  it('gives up every call under way when it is closed, though the process never answers', async () => {
    const calls = [keychain.getPassword('s', 'a'), keychain.setPassword('s', 'b', 'secret')];
    keychain.close();
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected' });
    }
  });

  it('rejects when the process ends on its own, and starts another for the next call', async () => {
    await expect(keychain.getPassword('s', 'end')).rejects.toThrow('ended');
    await expect(keychain.deletePassword('s', 'end')).rejects.toThrow('ended');
  });

  it('rejects where the process cannot run', async () => {
    const missing = new KeychainProcess(new URL('./not-there.ts', import.meta.url));
    await expect(missing.getPassword('s', 'a')).rejects.toThrow('ended');
  });
});

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
