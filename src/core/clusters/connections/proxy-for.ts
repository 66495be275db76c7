import type { z } from 'zod';
import type { proxy, proxyInput } from '#shared/contract/connections.ts';
import { AppError, invalidInput } from '#shared/errors.ts';
import { isLoopbackHost } from '#shared/plain-http.ts';
import {
  credentialsIn,
  kindsOfProxies,
  readProxyAddress,
  withoutCredentials,
} from '#shared/proxy-address.ts';
import { type Route, routeFromEnvironment } from '../../gateway/transport/proxy-environment.ts';

/** Yields the proxy for a URL (`http://host:port`), or null for none. */
export type ProxyLookup = (url: string) => Promise<string | null>;

/** A proxy as it is stored: its password is with the secrets. */
type StoredProxy = z.output<typeof proxy>;

/** A proxy as an operator enters it, its password with it. */
type ProxyInput = z.output<typeof proxyInput>;

/**
 * The way a connection's requests take.
 * @param connection `direct` takes no proxy, `manual` its own, `system` (the default) what `system`
 *   yields; none leads back to this machine
 * @param system how the shell asks the system; omitted: the environment's variables
 * @param password yields that of a manual proxy
 * @throws AppError `PROXY_FAILED` for a proxy of a kind the console does not speak
 */
export async function routeFor(
  { proxy, endpoint }: { proxy?: StoredProxy | undefined; endpoint: string },
  system: ProxyLookup | undefined,
  password: () => Promise<string | null>,
): Promise<Route> {
  if (proxy?.mode === 'direct') return { proxy: null, why: 'No proxy, as this connection says.' };
  if (proxy?.mode === 'manual') {
    const secret = proxy.hasPassword ? await password() : null;
    return { proxy: withCredentials(proxy, secret), why: 'The proxy of this connection.' };
  }
  // a proxy's own loopback is another machine
  if (isLoopbackHost(new URL(endpoint).hostname)) {
    return { proxy: null, why: 'No proxy: the address is this machine.' };
  }
  if (system === undefined) return routeFromEnvironment(endpoint, process.env);
  const found = await system(endpoint);
  return {
    proxy: found,
    why: found === null ? 'No proxy, as the system says.' : 'The proxy of the system.',
  };
}

function withCredentials(
  { url: text = '', username }: StoredProxy,
  password: string | null,
): string {
  const url = readProxyAddress(text);
  if (!url || username === undefined) return text;
  url.username = encodeURIComponent(username);
  url.password = encodeURIComponent(password ?? '');
  return url.href;
}

/**
 * Takes the user name and password apart from a proxy's address, where somebody pasted them in it.
 * @param before what was stored: its password stays while the same user of the same proxy is meant,
 *   unless the password entered is null
 * @throws AppError `INPUT_INVALID`
 */
export function separatePassword(
  input: ProxyInput | undefined,
  before: StoredProxy | undefined,
): { proxy: StoredProxy | undefined; password: string | null } {
  if (input?.mode !== 'manual') return { proxy: input && { mode: input.mode }, password: null };
  const url = readAddress(input.url);
  const pasted = credentialsIn(url);
  const username = input.username ?? (pasted.username || undefined);
  const password = input.password ?? (pasted.password || null);
  if (password !== null && username === undefined) throw nameMissing();
  url.username = '';
  url.password = '';
  const stored = {
    mode: input.mode,
    url: url.href.replace(/\/$/, ''),
    ...(username && { username }),
  };
  const same =
    input.password !== null && before?.url === stored.url && before.username === username;
  const hasPassword = password !== null || (same && before.hasPassword === true);
  return { proxy: { ...stored, ...(username && hasPassword ? { hasPassword } : {}) }, password };
}

function readAddress(text: string | undefined): URL {
  const url = text === undefined ? null : readProxyAddress(text);
  if (url) return url;
  throw new AppError({
    code: 'INPUT_INVALID',
    message:
      text === undefined
        ? 'A manual proxy is selected, but its address is missing.'
        : `"${withoutCredentials(text)}" is not a proxy address that the console can use.`,
    hint: `Enter it as http://proxy.example.com:3128 (${kindsOfProxies}), or select the system proxy or a direct connection.`,
  });
}

function nameMissing(): AppError {
  return invalidInput(
    'The password of the proxy has no user name.',
    'Enter the user name that the password belongs to.',
  );
}
