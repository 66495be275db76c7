import type { StoredConnection } from './connection-file.ts';

/** Yields the proxy for a URL (`http://host:port`), or null for none. */
export type ProxyLookup = (url: string) => Promise<string | null>;

/**
 * The proxy a connection's requests take, or null for none.
 * @param connection `direct` takes none, `manual` its own, `system` (the default) what `system` yields
 * @param system how the shell asks the system; omitted: the environment's variables
 */
export async function proxyFor(
  { proxy, endpoint }: Pick<StoredConnection, 'proxy' | 'endpoint'>,
  system: ProxyLookup = async (url) => proxyFromEnvironment(url, process.env),
): Promise<string | null> {
  if (proxy?.mode === 'direct') return null;
  if (proxy?.mode === 'manual') return proxy.url ?? null;
  return system(endpoint);
}

/**
 * The proxy that `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` (or the same in lower case)
 * name for a URL, as curl reads them; null for none.
 */
export function proxyFromEnvironment(
  url: string,
  environment: Readonly<Record<string, string | undefined>>,
): string | null {
  const target = new URL(url);
  const read = (name: string): string | undefined =>
    environment[name.toLowerCase()] || environment[name] || undefined;
  if (isExempt(target, read('NO_PROXY') ?? '')) return null;
  const scheme = target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = read(scheme) ?? read('ALL_PROXY');
  if (proxy === undefined) return null;
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
  return URL.canParse(address) && /^https?:/.test(address) ? address : null;
}

/** `NO_PROXY` lists hosts, domains (with or without a leading dot), `host:port`, or `*`. */
function isExempt(target: URL, list: string): boolean {
  const host = target.hostname.toLowerCase().replace(/^\[|\]$/g, '');
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const { name, onlyPort } = readExemption(entry);
      if (onlyPort !== undefined && onlyPort !== port) return false;
      return host === name || host.endsWith(`.${name}`);
    });
}

function readExemption(entry: string): { name: string; onlyPort?: string } {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(entry);
  const plain = /^\*?\.?([^:]+)(?::(\d+))?$/.exec(entry);
  const [, name = entry, onlyPort] = bracketed ?? plain ?? []; // neither: an IPv6 address as it is
  return onlyPort === undefined ? { name } : { name, onlyPort };
}
