import { BlockList, isIP } from 'node:net';
import { AppError } from '#shared/errors.ts';
import { kindsOfProxies, readProxyAddress, withoutCredentials } from '#shared/proxy-address.ts';

/** Which way requests take. */
export interface Route {
  /** The proxy's address, credentials included, or null for a direct connection. */
  proxy: string | null;
  /** Why this way, a sentence for a person. */
  why: string;
}

/**
 * The way that `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` (or the same in lower case)
 * name for a URL, as curl reads them.
 * @throws AppError `PROXY_FAILED` for a variable that names a proxy of another kind
 */
export function routeFromEnvironment(
  url: string,
  environment: Readonly<Record<string, string | undefined>>,
): Route {
  const target = new URL(url);
  const scheme = target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const names = [scheme, 'ALL_PROXY'].flatMap((name) => [name.toLowerCase(), name]);
  const name = names.find((candidate) => environment[candidate]);
  const text = name && environment[name];
  if (!name || !text)
    return { proxy: null, why: `No proxy: neither ${scheme} nor ALL_PROXY is set.` };
  const exempt = ['no_proxy', 'NO_PROXY'].find((candidate) => environment[candidate]);
  if (exempt && isExempt(target, environment[exempt] ?? '')) {
    return { proxy: null, why: `No proxy: ${exempt} names this host.` };
  }
  const proxy = readProxyAddress(text);
  if (proxy) return { proxy: proxy.href.replace(/\/$/, ''), why: `The proxy of ${name}.` };
  throw new AppError({
    code: 'PROXY_FAILED',
    message: `The variable ${name} names a proxy that the console can't use: ${withoutCredentials(text)}.`,
    hint: `Set it to a proxy that speaks ${kindsOfProxies}, or select a direct connection or a proxy in this connection.`,
  });
}

/** `NO_PROXY` lists hosts, domains (with or without a leading dot), addresses, networks, or `*`. */
function isExempt(target: URL, list: string): boolean {
  const host = target.hostname.toLowerCase().replace(/^\[|\]$/g, '');
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*' || isWithin(host, entry)) return true;
      const { name, onlyPort } = readExemption(entry);
      if (onlyPort !== undefined && onlyPort !== port) return false;
      return host === name || host.endsWith(`.${name}`);
    });
}

/** Whether an address is in a network such as `10.0.0.0/8` or `fd00::/8`. */
function isWithin(host: string, network: string): boolean {
  const [, base = '', bits = ''] = /^\[?([\d.a-f:]+)\]?\/(\d{1,3})$/.exec(network) ?? [];
  const family = isIP(base);
  if (family === 0 || isIP(host) !== family || Number(bits) > (family === 4 ? 32 : 128))
    return false;
  const networks = new BlockList();
  const type = family === 4 ? 'ipv4' : 'ipv6';
  networks.addSubnet(base, Number(bits), type);
  return networks.check(host, type);
}

function readExemption(entry: string): { name: string; onlyPort?: string } {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(entry);
  const plain = /^\*?\.?([^:]+)(?::(\d+))?$/.exec(entry);
  const [, name = entry, onlyPort] = bracketed ?? plain ?? []; // neither: an IPv6 address as it is
  return onlyPort === undefined ? { name } : { name, onlyPort };
}
