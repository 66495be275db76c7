import type { CallOutput } from '#shared/contract/index.ts';
import { type AppError, toAppError } from '#shared/errors.ts';
import type { GatewayOptions } from '../../gateway/create-gateway.ts';
import { probeGateway } from '../../gateway/probe.ts';
import { probeSteps } from '../../gateway/probe-steps.ts';

/** What a connection test yields. */
export type ConnectionTest = CallOutput<'connections.test'>;

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
    return { ok: false, steps: withoutSecret(error) };
  }
  const { ok, steps, certificate } = await probeGateway(options, signal);
  if (!certificate) return { ok, steps };
  return { ok, steps, fingerprint256: certificate.fingerprint256, certificate };
}

function withoutSecret({ message, hint }: AppError): ConnectionTest['steps'] {
  return probeSteps.map((name) =>
    name === 'signature'
      ? { name, ok: false, state: 'failed', detail: `${message} ${hint}` }
      : { name, ok: false, state: 'not-tried', detail: 'Not tried: the secret key is missing.' },
  );
}
