import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { probeSteps } from '#shared/contract/connections.ts';
import { agreeing } from '#shared/counted.ts';
import { day } from '#shared/durations.ts';
import type { AppError } from '#shared/errors.ts';
import { isLoopbackHost, travelsInClear } from '#shared/plain-http.ts';
import type { GatewayOptions } from './create-gateway.ts';
import { type Endpoint, isAddress, parseEndpoint } from './model/endpoint.ts';
import { probeRequest } from './probe-request.ts';
import type { ProbeStep, StepOutcome } from './probe-services.ts';
import { defaultTimeouts } from './transport/dispatcher.ts';
import { lookAtCertificate } from './transport/look-at-certificate.ts';
import { bareHost, portOf, proxyUrl } from './transport/proxy.ts';
import type { CertificateFacts } from './transport/tls.ts';
import {
  cancelled,
  pinMismatch,
  transportError,
  untrustedCertificate,
} from './transport/transport-errors.ts';

/** How long before its end an expiring certificate is reported. */
const expiryWarningDays = 30;

interface ProbeResult {
  ok: boolean;
  /** Every step; those after the one that failed say that they were not tried. */
  steps: ProbeStep[];
  /** The certificate that was shown, where it is not trusted. */
  certificate?: CertificateFacts;
  failure?: AppError;
}

/** Tests a connection step by step. Changes nothing on the gateway; never rejects but when cancelled. */
export async function probeGateway(
  options: GatewayOptions,
  signal?: AbortSignal,
): Promise<ProbeResult> {
  const steps: ProbeStep[] = [];
  let failure: AppError | undefined;
  let begun = performance.now();
  for await (const [name, outcome] of outcomes(options, signal)) {
    const milliseconds = Math.round(performance.now() - begun);
    begun = performance.now();
    if ('error' in outcome) {
      failure = outcome.error;
      const { message: detail, hint } = failure;
      steps.push({ name, ok: false, state: 'failed', detail, hint, milliseconds });
      break;
    }
    const { caution, ...words } = outcome;
    steps.push({ name, ok: true, state: caution ? 'caution' : 'passed', ...words, milliseconds });
  }
  if (signal?.aborted && failure) throw cancelled(failure);
  const certificate = failure && certificateIn(failure);
  return {
    ok: failure === undefined,
    steps: [...steps, ...probeSteps.slice(steps.length).map(notTried)],
    ...(certificate ? { certificate } : {}),
    ...(failure ? { failure } : {}),
  };
}

async function* outcomes(
  options: GatewayOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<[ProbeStep['name'], StepOutcome]> {
  const { proxy } = options;
  let endpoint: Endpoint;
  try {
    endpoint = parseEndpoint(options.endpoint);
  } catch (thrown) {
    yield ['endpoint', { error: thrown as AppError }];
    return;
  }
  const caution = travelsInClear(endpoint.origin);
  yield ['endpoint', { detail: describeEndpoint(endpoint), caution }];
  const attempt = async (step: () => Promise<string | StepOutcome>): Promise<StepOutcome> => {
    try {
      const outcome = await step();
      return typeof outcome === 'string' ? { detail: outcome } : outcome;
    } catch (thrown) {
      return { error: transportError(thrown, endpoint, proxy !== null) };
    }
  };
  yield ['name', await attempt(() => resolveName(endpoint, proxy))];
  yield ['connect', await attempt(() => reach(endpoint, options, signal))];
  yield ['certificate', await attempt(() => checkCertificate(endpoint, options, signal))];
  yield* probeRequest(options, signal);
}

async function resolveName(endpoint: Endpoint, proxy: string | null): Promise<string> {
  if (proxy !== null) return 'Left to the proxy.';
  if (isAddress(endpoint)) return `${endpoint.hostname} is an address.`;
  const addresses = await lookup(endpoint.hostname, { all: true });
  return `${endpoint.hostname} is ${addresses.map(({ address }) => address).join(', ')}.`;
}

async function reach(
  endpoint: Endpoint,
  options: GatewayOptions,
  signal: AbortSignal | undefined,
): Promise<string> {
  const proxy = options.proxy === null ? null : proxyUrl(options.proxy);
  const { hostname, port } = proxy ? { hostname: bareHost(proxy), port: portOf(proxy) } : endpoint;
  const timeout = options.timeouts?.connect ?? defaultTimeouts.connect;
  const started = performance.now();
  const socket = connect({ host: hostname, port });
  try {
    const limit = AbortSignal.timeout(timeout);
    await once(socket, 'connect', { signal: signal ? AbortSignal.any([signal, limit]) : limit });
  } finally {
    socket.on('error', () => undefined);
    socket.destroy();
  }
  const milliseconds = Math.max(1, Math.round(performance.now() - started));
  const who = proxy ? `The proxy ${proxy.protocol}//${proxy.host}` : `Port ${port}`;
  const why = options.route === undefined ? '' : ` ${options.route}`;
  return `${who} takes connections (${milliseconds} ms).${why}`;
}

/**
 * Connects to see which certificate the server shows, and judges it.
 * @throws AppError `CERTIFICATE_UNTRUSTED`, `CERTIFICATE_PIN_MISMATCH`
 */
export async function checkCertificate(
  endpoint: Endpoint,
  options: Pick<GatewayOptions, 'tls' | 'proxy' | 'timeouts' | 'onPinMismatch' | 'onPinShown'>,
  signal: AbortSignal | undefined,
): Promise<string | Exclude<StepOutcome, { error: AppError }>> {
  if (!endpoint.secure) return 'None: plain http.';
  const trust = options.tls ?? {};
  const { facts, problem } = await lookAtCertificate({
    endpoint,
    trust,
    proxy: options.proxy,
    timeout: options.timeouts?.connect ?? defaultTimeouts.connect,
    signal,
  });
  if (problem === 'PIN') {
    options.onPinMismatch?.(facts);
    throw pinMismatch(endpoint, facts);
  }
  if (problem !== null) throw untrustedCertificate(endpoint, problem, facts);
  if (trust.fingerprint256 !== undefined) options.onPinShown?.();
  const how = trust.fingerprint256 === undefined ? 'Trusted' : 'The pinned one';
  if (!facts) return `${how}.`;
  const detail = `${how}: ${facts.subject}, issued by ${facts.issuer}, valid until ${facts.validTo.slice(0, 10)}.`;
  const days = Math.floor((Date.parse(facts.validTo) - Date.now()) / day);
  if (days >= expiryWarningDays) return detail;
  const when = days < 1 ? 'within a day' : `in ${days} ${agreeing(days, 'day', 'days')}`;
  return { detail: `${detail} It expires ${when}.`, hint: 'Have it renewed.', caution: true };
}

function describeEndpoint(endpoint: Endpoint): string {
  if (!endpoint.unprotected) return `${endpoint.origin}, port ${endpoint.port}.`;
  return isLoopbackHost(endpoint.hostname)
    ? `${endpoint.origin} is plain http on this machine.`
    : `${endpoint.origin} is plain http: anyone on the network path can read everything and change requests.`;
}

function notTried(name: ProbeStep['name']): ProbeStep {
  return { name, ok: false, state: 'not-tried', detail: 'Not tried: a step before it failed.' };
}

/** The certificate that was shown, where it is not trusted: to compare and pin. */
export function certificateIn({ details }: AppError): CertificateFacts | undefined {
  return typeof details?.fingerprint256 === 'string'
    ? {
        fingerprint256: details.fingerprint256,
        subject: String(details.subject),
        issuer: String(details.issuer),
        validFrom: String(details.validFrom),
        validTo: String(details.validTo),
        selfSigned: details.selfSigned === true,
      }
    : undefined;
}
