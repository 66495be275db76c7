import { once } from 'node:events';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { Client } from 'undici';
import { credentialsIn } from '#shared/proxy-address.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { isSocks, openSocks, proxyUrl } from './proxy.ts';
import { type CertificateFacts, certificateOf, type TlsTrust, tlsOptions } from './tls.ts';

/** The certificate an endpoint shows, and what is wrong with it. */
interface CertificateLook {
  facts: CertificateFacts | null;
  /** OpenSSL's code, `PIN` for another certificate than the pinned one, or null where it is trusted. */
  problem: string | null;
}

interface LookOptions {
  endpoint: Endpoint;
  trust: TlsTrust;
  proxy: string | null;
  /** Milliseconds. */
  timeout: number;
  signal?: AbortSignal | undefined;
}

/**
 * Shakes hands with an endpoint and hangs up: nothing is sent, no answer is read. Verification runs
 * as for requests, but its verdict is returned instead of ending the handshake, because a
 * certificate that is not trusted is just what a person has to see.
 */
export async function lookAtCertificate(options: LookOptions): Promise<CertificateLook> {
  const signals = [
    AbortSignal.timeout(options.timeout),
    ...(options.signal ? [options.signal] : []),
  ];
  const signal = AbortSignal.any(signals);
  const tunnel = options.proxy === null ? null : await openTunnel(options, options.proxy, signal);
  const { endpoint, trust } = options;
  const socket = connect({
    ...tlsOptions(trust),
    rejectUnauthorized: false,
    host: endpoint.hostname,
    port: endpoint.port,
    ALPNProtocols: ['http/1.1'],
    ...(isIP(endpoint.hostname) === 0 ? { servername: endpoint.hostname } : {}),
    ...(tunnel ? { socket: tunnel.socket } : {}),
  });
  try {
    await once(socket, 'secureConnect', { signal });
    const facts = certificateOf(socket);
    return { facts, problem: problemOf(socket, facts, trust) };
  } finally {
    socket.on('error', () => undefined);
    socket.destroy();
    await tunnel?.close();
  }
}

function problemOf(
  socket: TLSSocket,
  facts: CertificateFacts | null,
  trust: TlsTrust,
): string | null {
  if (trust.fingerprint256 !== undefined) {
    return facts?.fingerprint256 === trust.fingerprint256.toUpperCase() ? null : 'PIN';
  }
  return socket.authorized ? null : String(socket.authorizationError);
}

async function openTunnel({ endpoint, timeout }: LookOptions, proxy: string, signal: AbortSignal) {
  const url = proxyUrl(proxy);
  if (isSocks(url)) {
    const socket = await openSocks(url, endpoint, timeout);
    return { socket, close: async () => socket.destroy() };
  }
  const client = new Client(url.origin);
  const authority = `${new URL(endpoint.origin).hostname}:${endpoint.port}`;
  const { username, password } = credentialsIn(url);
  const credentials = `${username}:${password}`;
  try {
    const { socket, statusCode } = await client.connect({
      path: authority,
      headers: {
        host: authority,
        ...(username === ''
          ? {}
          : { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }),
      },
      signal,
    });
    if (statusCode !== 200) throw new ProxyRefused(statusCode);
    return { socket, close: () => client.destroy() };
  } catch (thrown) {
    await client.destroy();
    throw thrown;
  }
}

/** A proxy that does not let a tunnel through, in the words the pool of connections has for it. */
class ProxyRefused extends Error {
  readonly code = 'UND_ERR_ABORTED';

  constructor(status: number) {
    super(`Proxy response (${status})`);
  }
}
