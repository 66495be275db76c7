import { usualTimeoutSeconds } from '#shared/contract/connections.ts';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { type NumberRules, readEnteredNumber } from '#shared/entered-number.ts';
import { withoutInvisible } from '#shared/plain-text.ts';
import { type WayValues, wayInput, wayRules, wayValuesOf } from './way-values.ts';

type Connection = CallOutput<'connections.list'>[number];
type SaveInput = CallInput<'connections.save'>;

/** The form's values, as the controls have them. */
export interface ConnectionValues extends WayValues {
  name: string;
  group: string;
  favourite: boolean;
  endpoint: string;
  accessKeyId: string;
  /** Empty: the stored one stays. */
  secretKey: string;
  environment: Connection['environment'];
  readOnly: boolean;
  secretKeeping: 'keychain' | 'session' | 'ask';
  secretsOverPlainHttp: boolean;
  signature: Connection['signature'];
  region: string;
  volumeId: string;
  /** As typed. */
  maxConnections: string;
  timeoutSeconds: string;
}

/** The form's values for a saved connection, or for a new one. */
export function valuesOf(connection: Connection | null): ConnectionValues {
  return {
    name: connection?.name ?? '',
    group: connection?.group ?? '',
    favourite: connection?.favourite ?? false,
    endpoint: connection?.endpoint ?? '',
    accessKeyId: connection?.accessKeyId ?? '',
    secretKey: '',
    environment: connection?.environment ?? 'production',
    readOnly: connection?.readOnly ?? false,
    secretKeeping: connection?.askForSecret
      ? 'ask'
      : connection?.sessionOnlySecret
        ? 'session'
        : 'keychain',
    secretsOverPlainHttp: connection?.secretsOverPlainHttp ?? false,
    signature: connection?.signature ?? 'auto',
    region: connection?.region ?? '',
    volumeId: connection?.volumeId ?? '',
    ...wayValuesOf(connection),
    maxConnections: String(connection?.maxConnections ?? 8),
    timeoutSeconds: String(connection?.timeoutSeconds ?? usualTimeoutSeconds),
  };
}

/** The call's input for what the form holds. */
export function saveInput(values: ConnectionValues, id: string | null): SaveInput {
  return {
    ...(id === null ? {} : { id }),
    name: values.name,
    ...(values.group.trim() === '' ? {} : { group: values.group.trim() }),
    ...(values.favourite ? { favourite: true } : {}),
    endpoint: values.endpoint,
    accessKeyId: values.accessKeyId,
    ...(values.secretKey.trim() === '' ? {} : { secretKey: values.secretKey.trim() }),
    environment: values.environment,
    readOnly: values.readOnly,
    ...(values.secretKeeping === 'session' ? { sessionOnlySecret: true } : {}),
    ...(values.secretKeeping === 'ask' ? { askForSecret: true } : {}),
    ...(values.secretsOverPlainHttp ? { secretsOverPlainHttp: true } : {}),
    signature: values.signature,
    ...(values.region.trim() === '' ? {} : { region: values.region.trim() }),
    ...(values.volumeId.trim() === '' ? {} : { volumeId: values.volumeId.trim() }),
    ...wayInput(values),
    maxConnections: Number(readEnteredNumber(values.maxConnections, parallelRules).value),
    timeoutSeconds: Number(readEnteredNumber(values.timeoutSeconds, timeoutRules).value),
  };
}

type Check = (value: string, values: ConnectionValues) => string | null;

const needed =
  (message: string): Check =>
  (value) =>
    value.trim() === '' ? message : null;

/** Limits of parallel requests. */
export const parallelRules = { least: 1, most: 64 };
/** Limits of the timeout. */
export const timeoutRules = { unit: 's', least: 1, most: 600 };

const number =
  (rules: NumberRules): Check =>
  (value) =>
    readEnteredNumber(value, rules).error ?? null;

/** Returns the form's validation rules; core validates again. */
export function connectionRules(stored: boolean) {
  return {
    name: needed('Give the cluster a name'),
    endpoint: checkEndpoint,
    accessKeyId: needed('Enter the access key id of the system user'),
    secretKey: ((value, { secretKeeping }) =>
      stored || secretKeeping === 'ask' || value.trim() !== ''
        ? null
        : 'Enter the secret key of the system user') satisfies Check,
    ...wayRules,
    volumeId: ((value) =>
      /^[0-9a-f]{0,32}$/i.test(withoutInvisible(value))
        ? null
        : 'Enter the hexadecimal id that ostor-ctl get-config prints') satisfies Check,
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
