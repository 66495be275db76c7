import { usualTimeoutSeconds } from '#shared/contract/connections.ts';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { type NumberRules, readEnteredNumber } from '#shared/entered-number.ts';
import { readFingerprint } from '#shared/fingerprint.ts';
import { withoutInvisible } from '#shared/plain-text.ts';

type Connection = CallOutput<'connections.list'>[number];
type SaveInput = CallInput<'connections.save'>;

/** What the connection form holds: every field as a control has it. */
export interface ConnectionValues {
  name: string;
  endpoint: string;
  accessKeyId: string;
  /** Empty: the stored one stays. */
  secretKey: string;
  environment: Connection['environment'];
  readOnly: boolean;
  signature: Connection['signature'];
  region: string;
  volumeId: string;
  trust: 'system' | 'ca' | 'pin';
  ca: string;
  fingerprint256: string;
  proxyMode: 'system' | 'direct' | 'manual';
  proxyUrl: string;
  /** As typed. */
  maxConnections: string;
  timeoutSeconds: string;
}

/** The form's values for a saved connection, or for a new one. */
export function valuesOf(connection: Connection | null): ConnectionValues {
  const tls = connection?.tls;
  return {
    name: connection?.name ?? '',
    endpoint: connection?.endpoint ?? '',
    accessKeyId: connection?.accessKeyId ?? '',
    secretKey: '',
    environment: connection?.environment ?? 'production',
    readOnly: connection?.readOnly ?? false,
    signature: connection?.signature ?? 'auto',
    region: connection?.region ?? '',
    volumeId: connection?.volumeId ?? '',
    trust: tls?.fingerprint256 ? 'pin' : tls?.ca ? 'ca' : 'system',
    ca: tls?.ca ?? '',
    fingerprint256: tls?.fingerprint256 ?? '',
    proxyMode: connection?.proxy?.mode ?? 'system',
    proxyUrl: connection?.proxy?.url ?? '',
    maxConnections: String(connection?.maxConnections ?? 8),
    timeoutSeconds: String(connection?.timeoutSeconds ?? usualTimeoutSeconds),
  };
}

/** The call's input for what the form holds. */
export function saveInput(values: ConnectionValues, id: string | null): SaveInput {
  return {
    ...(id === null ? {} : { id }),
    name: values.name,
    endpoint: values.endpoint,
    accessKeyId: values.accessKeyId,
    ...(values.secretKey.trim() === '' ? {} : { secretKey: values.secretKey.trim() }),
    environment: values.environment,
    readOnly: values.readOnly,
    signature: values.signature,
    ...(values.region.trim() === '' ? {} : { region: values.region.trim() }),
    ...(values.volumeId.trim() === '' ? {} : { volumeId: values.volumeId.trim() }),
    ...(values.trust === 'ca' ? { tls: { ca: values.ca.trim() } } : {}),
    ...(values.trust === 'pin' ? { tls: { fingerprint256: values.fingerprint256 } } : {}),
    proxy: {
      mode: values.proxyMode,
      ...(values.proxyMode === 'manual' ? { url: values.proxyUrl.trim() } : {}),
    },
    maxConnections: Number(readEnteredNumber(values.maxConnections, parallelRules).value),
    timeoutSeconds: Number(readEnteredNumber(values.timeoutSeconds, timeoutRules).value),
  };
}

type Check = (value: string, values: ConnectionValues) => string | null;

const needed =
  (message: string): Check =>
  (value) =>
    value.trim() === '' ? message : null;

/** How many requests may be under way at the same time. */
export const parallelRules = { least: 1, most: 64 };
/** How long the gateway may be silent. */
export const timeoutRules = { unit: 's', least: 1, most: 600 };

const number =
  (rules: NumberRules): Check =>
  (value) =>
    readEnteredNumber(value, rules).error ?? null;

/** What must be right before the form is sent; core checks again. */
export function connectionRules(stored: boolean) {
  return {
    name: needed('Give the cluster a name'),
    endpoint: checkEndpoint,
    accessKeyId: needed('Enter the access key id of the system user'),
    secretKey: stored ? () => null : needed('Enter the secret key of the system user'),
    ca: ((value, { trust }) =>
      trust === 'ca' && !value.includes('-----BEGIN CERTIFICATE-----')
        ? 'Paste the certificate as PEM, from -----BEGIN CERTIFICATE----- on'
        : null) satisfies Check,
    volumeId: ((value) =>
      /^[0-9a-f]{0,32}$/i.test(withoutInvisible(value))
        ? null
        : 'Enter the hexadecimal id that ostor-ctl get-config prints') satisfies Check,
    fingerprint256: ((value, { trust }) =>
      trust === 'pin' && readFingerprint(value) === null
        ? 'Paste a SHA-256 fingerprint: 64 hexadecimal digits'
        : null) satisfies Check,
    proxyUrl: ((value, { proxyMode }) =>
      proxyMode === 'manual' && !isHttp(value)
        ? 'Enter a URL such as http://proxy:3128'
        : null) satisfies Check,
    maxConnections: number(parallelRules),
    timeoutSeconds: number(timeoutRules),
  };
}

function checkEndpoint(value: string): string | null {
  const text = withoutInvisible(value);
  if (text === '') return 'Enter the address of the gateway';
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  return isHttp(whole) ? null : 'Enter an address such as https://s3.example.com';
}

function isHttp(value: string): boolean {
  return URL.canParse(value.trim()) && /^https?:$/.test(new URL(value.trim()).protocol);
}
