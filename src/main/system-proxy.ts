import type { Session } from 'electron';

/**
 * Reads the answer of Chromium's proxy resolution, `PROXY host:port; DIRECT`.
 * @returns the first HTTP or HTTPS proxy as a URL, or null for a direct connection. SOCKS proxies
 * are passed over: the gateway client speaks HTTP to a proxy.
 */
export function parseProxyAnswer(answer: string): string | null {
  for (const part of answer.split(';')) {
    const [kind = '', address = ''] = part.trim().split(/\s+/);
    if (kind === 'DIRECT') return null;
    if (kind === 'PROXY' && address !== '') return `http://${address}`;
    if (kind === 'HTTPS' && address !== '') return `https://${address}`;
  }
  return null;
}

/** Asks the system which proxy a URL takes. */
export function systemProxy(
  session: Pick<Session, 'resolveProxy'>,
): (url: string) => Promise<string | null> {
  return async (url) => parseProxyAnswer(await session.resolveProxy(url));
}
