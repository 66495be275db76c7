import { probeSteps } from '#shared/contract/connections.ts';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { type AppError, toAppError } from '#shared/errors.ts';
import type { GatewayOptions } from '../../gateway/create-gateway.ts';
import { parseEndpoint } from '../../gateway/model/endpoint.ts';
import { probeGateway } from '../../gateway/probe.ts';
import { readCertificates } from '../../gateway/transport/read-certificates.ts';

export type ConnectionInput = ParsedInput<'connections.save'>;

/**
 * Reads what no schema can: the endpoint, and the certificates of the authority.
 * @returns the endpoint in its one form, `https://host:port`, and what is trusted, in PEM
 * @throws AppError `ENDPOINT_INVALID`, `INPUT_INVALID`
 */
export async function checkConnection({
  endpoint,
  tls,
}: Pick<ConnectionInput, 'endpoint' | 'tls'>): Promise<Pick<ConnectionInput, 'endpoint' | 'tls'>> {
  const { origin } = parseEndpoint(endpoint);
  if (tls?.ca === undefined) return { endpoint: origin, tls };
  const { pem } = await readCertificates(Buffer.from(tls.ca));
  return { endpoint: origin, tls: { ...tls, ca: pem } };
}

type ConnectionTest = CallOutput<'connections.test'>;

/**
 * Tries a connection and says step by step how far it came.
 * @param settings gathers what a client is made of; where it can't, the secret is what is missing
 */
export async function testConnection(
  settings: () => Promise<GatewayOptions>,
  signal: AbortSignal,
): Promise<ConnectionTest> {
  let options: GatewayOptions;
  try {
    options = await settings();
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'INTERNAL' || error.code === 'CONNECTION_NOT_FOUND') throw error;
    return { ok: false, steps: notBegun(error) };
  }
  const { ok, steps, certificate } = await probeGateway(options, signal);
  if (!certificate) return { ok, steps };
  return { ok, steps, fingerprint256: certificate.fingerprint256, certificate };
}

/** Without its secret, with a proxy that can't be used, or against the policy, no client is made and nothing is sent. */
function notBegun({ code, message, hint }: AppError): ConnectionTest['steps'] {
  const reasons: Partial<Record<typeof code, [step: string, why: string]>> = {
    PROXY_FAILED: ['connect', 'there is no way to the gateway'],
    POLICY_FORBIDS: ['endpoint', 'your administrator does not allow it'],
  };
  const [failed, why] = reasons[code] ?? ['signature', 'the secret key is missing'];
  return probeSteps.map((name) =>
    name === failed
      ? { name, ok: false, state: 'failed', detail: message, hint }
      : { name, ok: false, state: 'not-tried', detail: `Not tried: ${why}.` },
  );
}
