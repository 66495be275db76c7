import { workerEntry } from '../../store/sqlite/worker-client.ts';
import type { Keychain } from './keychain.ts';
import { type ForkKeychain, KeychainProcess } from './keychain-process.ts';
import { loadKeytar } from './load-keytar.ts';

/**
 * The keychain of this machine. Nothing is loaded before its first use. On Linux it works in a
 * process of its own: a locked keyring keeps the call waiting for as long as its prompt stands, which
 * within this process would hold up its end, and could not be given up.
 */
export function systemKeychain(
  platform: NodeJS.Platform = process.platform,
  forkKeychain?: ForkKeychain,
): Keychain {
  if (platform === 'linux') {
    return new KeychainProcess(workerEntry(import.meta.url, 'keychain-worker'), forkKeychain);
  }
  return {
    getPassword: async (...call) => (await loadKeytar()).getPassword(...call),
    setPassword: async (...call) => (await loadKeytar()).setPassword(...call),
    deletePassword: async (...call) => (await loadKeytar()).deletePassword(...call),
  };
}
