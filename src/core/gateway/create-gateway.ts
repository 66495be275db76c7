import { Exchange, type ObservedHead } from './exchange.ts';
import { parseEndpoint } from './model/endpoint.ts';
import type { Gateway } from './model/gateway.ts';
import type { SignatureForm } from './model/request.ts';
import { readingsOf } from './readings.ts';
import { SignatureChoice } from './signing/signature-choice.ts';
import { type ByteBudget, processBudget } from './transport/byte-budget.ts';
import { createDispatcher, type Timeouts, timeoutsFrom } from './transport/dispatcher.ts';
import { lookAtCertificate } from './transport/look-at-certificate.ts';
import type { RetryPolicy } from './transport/retry.ts';
import type { CertificateFacts, TlsTrust } from './transport/tls.ts';
import { Transport } from './transport/transport.ts';
import { type SelectorName, type UserDirectory, UserNames } from './user-names.ts';

export interface GatewayOptions {
  /** As the operator entered it; see `parseEndpoint`. */
  endpoint: string;
  accessKeyId: string;
  secretKey: string;
  /** `auto` tries the forms in turn and reports the accepted one. */
  signature: SignatureForm | 'auto';
  /** What `auto` found before. */
  detectedSignature?: SignatureForm | undefined;
  onSignatureDetected?: ((form: SignatureForm) => void) | undefined;
  /** The users as last listed; omitted: the gateway's list is read. */
  directory?: UserDirectory | undefined;
  /** The selectors the gateway is known to accept; read on each use. */
  selectors?: (() => readonly SelectorName[] | undefined) | undefined;
  onSelectorsFound?: ((selectors: readonly SelectorName[]) => void) | undefined;
  /** Signed by V4; `us-east-1` where omitted. */
  region?: string | undefined;
  tls?: TlsTrust | undefined;
  /** Called with that another certificate than the pinned one was shown; null: none was. */
  onPinMismatch?: ((shown: CertificateFacts | null) => void) | undefined;
  /** Called, by the connection test alone, when the pinned one was shown. */
  onPinShown?: (() => void) | undefined;
  /** The proxy for this endpoint, resolved, or null for none. */
  proxy: string | null;
  /** Why requests take that way, a sentence for the connection test. */
  route?: string | undefined;
  maxConnections: number;
  timeouts?: Partial<Timeouts> | undefined;
  retry?: RetryPolicy | undefined;
  /** Asked whenever a write is about to leave; throws why it must not. */
  assertWritable?: (() => void) | undefined;
  /** Asked whenever a tenant's secret key is about to be fetched; throws why it must not. */
  assertSecretsMayTravel?: (() => void) | undefined;
  /** What bounds the answers being received; omitted: the one of the whole process. */
  budget?: ByteBudget | undefined;
  clock?: (() => Date) | undefined;
  userAgent?: string | undefined;
}

/**
 * The client of one gateway: the only way from the console to the network.
 * @throws `ENDPOINT_INVALID`, `PROXY_FAILED`, `INPUT_INVALID` for options that cannot be used
 */
export function createGateway(options: GatewayOptions): Gateway {
  const exchange = createExchange(options);
  const readings = readingsOf(exchange);
  const { directory, selectors, onSelectorsFound, clock = () => new Date() } = options;
  const names = new UserNames({ readings, directory, selectors, onSelectorsFound, clock });
  return {
    ...readings,
    send: (request, requestOptions) => exchange.send(request, requestOptions),
    nameUser: (userId, requestOptions) => names.name(userId, requestOptions),
    findUser: (userId, requestOptions) => names.find(userId, requestOptions),
    selectorFor: (userId, requestOptions) => names.selectorFor(userId, requestOptions),
    certificateUntil: async (signal) => {
      const endpoint = parseEndpoint(options.endpoint);
      if (!endpoint.secure) return null;
      const { connect: timeout } = timeoutsFrom(options.timeouts);
      const look = { endpoint, trust: options.tls ?? {}, proxy: options.proxy, timeout, signal };
      return (await lookAtCertificate(look)).facts?.validTo ?? null;
    },
    close: () => exchange.close(),
  };
}

/** The signing, sending and repeating underneath a client. */
export function createExchange(
  options: GatewayOptions,
  onAnswer?: (head: ObservedHead) => void,
): Exchange {
  const endpoint = parseEndpoint(options.endpoint);
  const timeouts = timeoutsFrom(options.timeouts);
  const { proxy, maxConnections } = options;
  const trust = options.tls ?? {};
  const dispatcher = createDispatcher({ endpoint, trust, proxy, maxConnections, timeouts });
  return new Exchange({
    endpoint,
    key: { accessKeyId: options.accessKeyId, secretAccessKey: options.secretKey },
    region: options.region,
    choice: new SignatureChoice(
      options.signature,
      options.detectedSignature,
      options.onSignatureDetected,
    ),
    transport: new Transport(dispatcher, endpoint, {
      proxied: proxy !== null,
      timeouts,
      budget: options.budget ?? processBudget,
      onPinMismatch: options.onPinMismatch,
      lookAtCertificate: async () =>
        (await lookAtCertificate({ endpoint, trust, proxy, timeout: timeouts.connect })).facts,
    }),
    clock: options.clock ?? (() => new Date()),
    userAgent: options.userAgent ?? 'ostor-console',
    assertWritable: options.assertWritable,
    assertSecretsMayTravel: options.assertSecretsMayTravel,
    onAnswer,
    ...(options.retry === undefined ? {} : { retry: options.retry }),
  });
}
