import { bandwidthUnit } from './units.ts';

/** Every field an operation can show, with what it is called on screen. */
export const fieldNames = {
  email: { label: 'E-mail' },
  state: { label: 'State' },
  writing: { label: 'Writing' },
  environment: { label: 'Environment' },
  readOnly: { label: 'Read-only' },
  secret: { label: 'Secret key' },
  users: { label: 'Users' },
  buckets: { label: 'Buckets' },
  keys: { label: 'Access keys' },
  accounts: { label: 'Accounts' },
  account: { label: 'Account' },
  bucket: { label: 'Bucket' },
  owner: { label: 'Owner' },
  statistics: { label: 'Statistics on the gateway' },
  coverage: { label: 'Coverage' },
  archive: { label: 'Archive' },
  statement: { label: 'Statement' },
  period: { label: 'Period' },
  tariff: { label: 'Tariff' },
  amount: { label: 'Amount' },
  digest: { label: 'SHA-256' },
  currentBytes: { label: 'Size', unit: 'bytes' },
  quota: { label: 'Quota', unit: 'GB' },
  opsDefault: { label: 'Operations, default', unit: 'operations/s' },
  opsGet: { label: 'Get operations', unit: 'operations/s' },
  opsPut: { label: 'Put operations', unit: 'operations/s' },
  opsList: { label: 'List operations', unit: 'operations/s' },
  opsDelete: { label: 'Delete operations', unit: 'operations/s' },
  bandwidthOut: { label: 'Bandwidth out', unit: bandwidthUnit },
} as const satisfies Record<string, { label: string; unit?: string }>;

/** Name of a field of an operation. */
export type FieldName = keyof typeof fieldNames;

/** A target's fields by name; null means that there is none (not set, does not exist). */
export type Fields = Partial<Record<FieldName, string | null>>;
