import { X509Certificate } from 'node:crypto';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { AppError, toAppError } from '#shared/errors.ts';
import type { GatewayOptions } from '../../gateway/create-gateway.ts';
import { parseEndpoint } from '../../gateway/model/endpoint.ts';
import { probeGateway } from '../../gateway/probe.ts';
import { probeSteps } from '../../gateway/probe-request.ts';

/** What an operator enters of a connection. */
export type ConnectionInput = ParsedInput<'connections.save'>;

/**
 * Checks what no schema can: the endpoint, the certificate authority, the proxy.
 * @returns the endpoint in its one form, `https://host:port`
 * @throws AppError `ENDPOINT_INVALID`, `INPUT_INVALID`
 */
export function checkConnection({ endpoint, tls, proxy }: ConnectionInput): string {
  const { origin } = parseEndpoint(endpoint);
  if (tls?.ca !== undefined) checkAuthority(tls.ca);
  checkProxy(proxy);
  return origin;
}

function checkAuthority(pem: string): void {
  try {
    new X509Certificate(pem);
  } catch (cause) {
    throw new AppError({
      code: 'INPUT_INVALID',
      message: 'The certificate authority is not a certificate in PEM form.',
      hint: 'Paste it whole, from BEGIN CERTIFICATE to END CERTIFICATE.',
      cause,
    });
  }
}

/** A proxy's password would lie in a file; the keychain holds one secret a connection. */
function checkProxy(proxy: ConnectionInput['proxy']): void {
  if (proxy?.mode !== 'manual') return;
  if (proxy.url === undefined) {
    throw new AppError({
      code: 'INPUT_INVALID',
      message: 'A manual proxy is selected, but its address is missing.',
      hint: 'Enter it as http://proxy.example.com:3128, or select the system proxy or a direct connection.',
    });
  }
  const { username, password } = new URL(proxy.url);
  if (username === '' && password === '') return;
  throw new AppError({
    code: 'INPUT_INVALID',
    message:
      'The address of the proxy has a user name or password in it, and it would be stored in clear.',
    hint: 'Leave them out here; set HTTPS_PROXY in the environment and select the system proxy instead.',
  });
}

/** What a connection test yields. */
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
