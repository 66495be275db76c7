import { buildConnector, type Dispatcher, Pool, ProxyAgent } from 'undici';
import type { Endpoint } from '../model/endpoint.ts';
import { isSocks, proxyUrl, throughSocks } from './proxy.ts';
import { pinned, type TlsTrust, tlsOptions } from './tls.ts';

/** Time-outs of a request, in milliseconds. */
export interface Timeouts {
  /** Until a connection, TLS included, is established. */
  connect: number;
  /** Until the head of the answer has arrived; lists are given three times as long. */
  headers: number;
  /** Longest pause within the body. */
  body: number;
  /** From the first attempt to the last byte, repetitions and pauses included. */
  whole: number;
  /** The same for a list, which may be very long. */
  list: number;
}

export const defaultTimeouts: Timeouts = {
  connect: 10_000,
  headers: 60_000,
  body: 60_000,
  whole: 130_000,
  list: 1_800_000,
};

/** The time-outs with those named; a request as a whole has time to be repeated once. */
export function timeoutsFrom(named: Partial<Timeouts> = {}): Timeouts {
  const { headers } = { ...defaultTimeouts, ...named };
  return { ...defaultTimeouts, whole: headers * 2 + defaultTimeouts.connect, ...named };
}

interface DispatcherOptions {
  endpoint: Endpoint;
  trust: TlsTrust;
  /** `http://[user:password@]host:port`, `socks5://…`, or null for none. */
  proxy: string | null;
  maxConnections: number;
  timeouts: Timeouts;
}

/** A pool of at most `maxConnections` kept-alive HTTP/1.1 connections, through a proxy if there is one. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { endpoint, trust, proxy, maxConnections, timeouts } = options;
  const pin = endpoint.secure ? trust.fingerprint256 : undefined;
  const common = {
    connections: maxConnections,
    pipelining: 1,
    // Only HTTP/1.1: the count of connections then is the count of requests under way.
    allowH2: false,
    headersTimeout: timeouts.headers,
    bodyTimeout: timeouts.body,
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 60_000,
  };
  // A resumed session skips the certificate, so that a pin would not be looked at.
  const tls = endpoint.secure
    ? { ...tlsOptions(trust), ...(pin === undefined ? {} : { maxCachedSessions: 0 }) }
    : {};
  const through = proxy === null ? null : proxyUrl(proxy);
  if (through !== null && !isSocks(through)) {
    return new ProxyAgent({
      ...common,
      uri: through.href,
      connectTimeout: timeouts.connect,
      requestTls: { ...tls, allowH2: false, timeout: timeouts.connect },
      proxyTls: { timeout: timeouts.connect, allowH2: false },
      factory: (origin, agentOptions) => {
        const inner = agentOptions as Pool.Options;
        // For plain http the agent hands on nothing but how to connect.
        return new Pool(origin, { ...common, ...inner, ...withPin(inner.connect, pin) });
      },
    });
  }
  const direct = buildConnector({ ...tls, timeout: timeouts.connect, allowH2: false });
  const connect = through === null ? direct : throughSocks(through, direct, timeouts.connect);
  return new Pool(endpoint.origin, {
    ...common,
    connect: pin === undefined ? connect : pinned(connect, pin),
  });
}

function withPin(connect: Pool.Options['connect'], pin: string | undefined): Pool.Options {
  return pin !== undefined && typeof connect === 'function'
    ? { connect: pinned(connect, pin) }
    : {};
}
