import type { Session } from 'electron';
import { AppError } from '#shared/errors.ts';

const schemes: Readonly<Record<string, string>> = {
  PROXY: 'http',
  HTTP: 'http',
  HTTPS: 'https',
  SOCKS: 'socks4',
  SOCKS4: 'socks4',
  SOCKS5: 'socks5',
};

/**
 * Reads the answer of Chromium's proxy resolution, `PROXY host:port; SOCKS5 host:port; DIRECT`.
 * @returns the first proxy as a URL, or null for a direct connection
 * @throws AppError `PROXY_FAILED` where it names none but kinds the console does not speak
 */
export function parseProxyAnswer(answer: string): string | null {
  const parts = answer.split(';').map((part) => part.trim().split(/\s+/));
  for (const [kind = '', address = ''] of parts) {
    if (kind === 'DIRECT') return null;
    const scheme = schemes[kind];
    if (scheme !== undefined && address !== '') return `${scheme}://${address}`;
  }
  if (answer.trim() === '') return null;
  throw new AppError({
    code: 'PROXY_FAILED',
    message: `The system names a proxy of a kind the console can't use: ${answer.trim()}.`,
    hint: 'Select a direct connection or a proxy of its own in this connection.',
  });
}

export function systemProxy(
  session: Pick<Session, 'resolveProxy'>,
): (url: string) => Promise<string | null> {
  return async (url) => parseProxyAnswer(await session.resolveProxy(url));
}
