import type { Socket } from 'node:net';
import { socksConnector } from 'fetch-socks';
import { buildConnector } from 'undici';
import { AppError } from '#shared/errors.ts';
import { credentialsIn, kindsOfProxies, readProxyAddress } from '#shared/proxy-address.ts';

/**
 * Reads the address of a proxy, credentials included.
 * @throws AppError `PROXY_FAILED` for one of a kind the console does not speak; names no credentials
 */
export function proxyUrl(text: string): URL {
  const url = readProxyAddress(text);
  if (url) return wellEncoded(url);
  throw new AppError({
    code: 'PROXY_FAILED',
    message: 'The address of the proxy cannot be read.',
    hint: `Enter it as http://proxy.example.com:3128 (${kindsOfProxies}), or select a direct connection.`,
  });
}

/** The same address with credentials that every library can decode. */
function wellEncoded(url: URL): URL {
  const { username, password } = credentialsIn(url);
  url.username = encodeURIComponent(username);
  url.password = encodeURIComponent(password);
  return url;
}

/** Returns whether a proxy speaks SOCKS rather than HTTP. */
export function isSocks({ protocol }: URL): boolean {
  return protocol.startsWith('socks');
}

/**
 * Connects through a SOCKS proxy, which also resolves the gateway's name.
 * @param connect makes TLS of the proxied socket where the origin is https
 * @param timeout milliseconds until the proxy has reached the gateway
 */
export function throughSocks(
  proxy: URL,
  connect: buildConnector.connector,
  timeout: number,
): buildConnector.connector {
  const { username, password } = credentialsIn(proxy);
  const tunnel = socksConnector(
    {
      host: bareHost(proxy),
      port: portOf(proxy),
      type: proxy.protocol.startsWith('socks4') ? 4 : 5,
      ...(username === '' ? {} : { userId: username, password }),
    },
    { timeout },
  );
  return (options, callback) => {
    // asked for as plain http, the tunnel is handed over as it is
    tunnel(
      {
        ...options,
        hostname: unbracketed(options.hostname),
        protocol: 'http:',
        port: numberOf(options),
      },
      (error, socket) => {
        if (error) callback(new SocksFailure(error), null);
        else if (options.protocol === 'https:')
          connect({ ...options, httpSocket: socket }, callback);
        else callback(null, socket);
      },
    );
  };
}

/** A socket through a SOCKS proxy to one host and port. */
export function openSocks(
  proxy: URL,
  target: { hostname: string; port: number },
  timeout: number,
): Promise<Socket> {
  const connect = throughSocks(proxy, buildConnector({}), timeout);
  return new Promise((resolve, reject) => {
    const { hostname, port } = target;
    connect({ hostname, port: String(port), protocol: 'http:' }, (error, socket) => {
      if (socket) resolve(socket);
      else reject(error);
    });
  });
}

/** Why there is no way through a SOCKS proxy. The library's own error carries the proxy's password. */
class SocksFailure extends Error {
  readonly code: string;
  /** Nothing was sent to the gateway. */
  readonly syscall = 'connect';

  constructor({ message }: Error) {
    super(message);
    // the library keeps of a proxy that can't be reached but the words
    this.code = /^(?:connect|getaddrinfo) (E[A-Z_]+)/.exec(message)?.[1] ?? 'SOCKS_FAILED';
  }
}

/** The port of a proxy, or the one its kind listens on. */
export function portOf(proxy: URL): number {
  if (proxy.port !== '') return Number(proxy.port);
  if (isSocks(proxy)) return 1080;
  return proxy.protocol === 'https:' ? 443 : 80;
}

/** The host of a proxy without the brackets of an IPv6 address. */
export function bareHost({ hostname }: URL): string {
  return unbracketed(hostname);
}

function unbracketed(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function numberOf({ port, protocol }: buildConnector.Options): string {
  return port || (protocol === 'https:' ? '443' : '80');
}
