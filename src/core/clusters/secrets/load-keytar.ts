import type { Keychain } from './keychain.ts';

/** keytar, whose native part loads with it: rejects where a library it needs is missing. */
export async function loadKeytar(): Promise<Keychain> {
  return (await import('keytar')).default;
}
