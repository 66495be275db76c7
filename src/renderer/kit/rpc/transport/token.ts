const storageKey = 'ostor-console.token';

/** Where the token of the web shell is read from and kept: parts of `window`, so that tests can hand in others. */
export interface TokenPlace {
  location: Pick<Location, 'hash' | 'pathname' | 'search'>;
  history: Pick<History, 'replaceState'>;
  storage: Pick<Storage, 'getItem' | 'setItem'>;
}

/**
 * Takes the web shell's token out of the address (`#token=…`), keeps it for this tab and removes it
 * from the address, so that it ends up in no bookmark, history entry or screenshot.
 * @returns the token, or null where there is none
 */
export function takeToken({ location, history, storage }: TokenPlace): string | null {
  const match = /^#token=([^&/]+)(?:&path=(.*))?$/.exec(location.hash);
  if (!match?.[1]) return storage.getItem(storageKey);
  const token = decodeURIComponent(match[1]);
  storage.setItem(storageKey, token);
  const path = match[2] === undefined ? '/' : decodeURIComponent(match[2]);
  history.replaceState(null, '', `${location.pathname}${location.search}#${path}`);
  return token;
}
