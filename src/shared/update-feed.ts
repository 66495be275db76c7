import { isLoopbackHost } from './plain-http.ts';

/**
 * Returns whether updates may come from an address: over https, or from this machine itself. No password
 * in it, since it is in a settings file.
 */
export function isSafeFeed(address: string): boolean {
  const url = URL.parse(address.trim());
  if (url === null || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
}
