import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeychainProcess } from '#core/clusters/secrets/keychain-process.ts';

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

  it('rejects when the process ends by itself, and starts another for the next call', async () => {
    await expect(keychain.getPassword('s', 'end')).rejects.toThrow('ended');
    await expect(keychain.deletePassword('s', 'end')).rejects.toThrow('ended');
  });

  it('rejects where the process cannot run', async () => {
    const missing = new KeychainProcess(new URL('./not-there.ts', import.meta.url));
    await expect(missing.getPassword('s', 'a')).rejects.toThrow('ended');
  });
});
