import { describe, expect, it } from 'vitest';
import { KeychainProcess, systemKeychain } from '#core/clusters/secrets/keychain-process.ts';

describe('systemKeychain', () => {
  it('works in a process of its own on Linux, where a locked keyring can hold a call up', () => {
    expect(systemKeychain('linux')).toBeInstanceOf(KeychainProcess);
    expect(systemKeychain('darwin')).not.toBeInstanceOf(KeychainProcess);
    expect(systemKeychain('win32')).not.toBeInstanceOf(KeychainProcess);
  });
});
