import { type LimitResource, limitWords } from './limit-resources.ts';

function fieldOf(resource: LimitResource): { label: string; unit: string } {
  const { name: label, unit } = limitWords[resource];
  return { label, unit };
}

/** Every field an operation can show, with what it is called on screen. */
export const fieldNames = {
  email: { label: 'E-mail' },
  state: { label: 'State' },
  writing: { label: 'Writing' },
  environment: { label: 'Environment' },
  readOnly: { label: 'Read-only' },
  secret: { label: 'Secret key' },
  certificate: { label: 'Certificate' },
  journal: { label: 'Journal' },
  users: { label: 'Users' },
  buckets: { label: 'Buckets' },
  plans: { label: 'Change plans' },
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
  signal: { label: 'Signal' },
  snoozedUntil: { label: 'Snoozed until' },
  raisedUntil: { label: 'Raised until' },
  reason: { label: 'Reason' },
  thresholds: { label: 'Thresholds' },
  currentBytes: { label: 'Size', unit: 'bytes' },
  quota: { label: 'Quota', unit: 'GB' },
  opsDefault: fieldOf('opsDefault'),
  opsGet: fieldOf('opsGet'),
  opsPut: fieldOf('opsPut'),
  opsList: fieldOf('opsList'),
  opsDelete: fieldOf('opsDelete'),
  bandwidthOut: fieldOf('bandwidthOut'),
} as const satisfies Record<string, { label: string; unit?: string }>;

export type FieldName = keyof typeof fieldNames;

/** A target's fields by name; null means that there is none (not set, does not exist). */
export type Fields = Partial<Record<FieldName, string | null>>;
