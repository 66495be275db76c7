/** The operating system's keychain, as keytar offers it: one text for each service and account. */
export interface Keychain {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  /** Yields whether there was something to delete. */
  deletePassword(service: string, account: string): Promise<boolean>;
  /** Gives up what is under way. */
  close?(): void;
}

/** The keychain was asked and did not answer in time. */
export const keychainSilence =
  'The keychain has not answered; it may be waiting for its keyring to be unlocked.';

const causes: readonly [RegExp, string][] = [
  [
    /native addon|libsecret|ERR_DLOPEN|cannot open shared object|Cannot find (module|package)/i,
    "The keychain's library could not be loaded; on Linux it is libsecret (package libsecret-1-0).",
  ],
  [
    /autolaunch|D-?Bus|ServiceUnknown|org\.freedesktop\.secrets was not provided|Could not connect|NoReply/i,
    'No keychain answers in this session: there is no Secret Service on its D-Bus.',
  ],
  [
    /locked|dismissed|collection|prompt|IsLocked|cancel/i,
    'The keychain is locked, or has no keyring to keep secrets in.',
  ],
];

/** Why a keychain can't be used, in one sentence, from what was thrown. */
export function describeKeychainFailure(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : '';
  const known = causes.find(([pattern]) => pattern.test(text));
  if (known) return known[1];
  return text === '' ? 'The keychain failed.' : `The keychain failed: ${text.slice(0, 200)}.`;
}

/** keytar, whose native part loads with it: rejects where a library it needs is missing. */
export async function loadKeytar(): Promise<Keychain> {
  return (await import('keytar')).default;
}
