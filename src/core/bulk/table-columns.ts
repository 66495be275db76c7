import { limitResources } from '../gateway/gateway.ts';
import type { BulkChange } from './source-calls.ts';

/** A column of a table: what it is called, and the change that a cell of it stands for. */
export interface TableColumn {
  column: string;
  label: string;
  example: string;
}

/** Columns that name the target; a table has exactly one of them. */
export const targetColumns = ['email', 'id', 'bucket'] as const;

const rateLabels = {
  opsDefault: 'Operations/s, default',
  opsGet: 'Get operations/s',
  opsPut: 'Put operations/s',
  opsList: 'List operations/s',
  opsDelete: 'Delete operations/s',
  bandwidthOut: 'Bandwidth out, kB/s',
} as const;

/** `opsGet` as a column: `ops_get`. */
export function rateColumn(resource: (typeof limitResources)[number]): string {
  return resource.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Every column a table may have. */
export const tableColumns: readonly TableColumn[] = [
  { column: 'email', label: "User, by e-mail (or 'id', or 'bucket')", example: 'user@example.com' },
  { column: 'id', label: 'User, by id', example: 'ca55631f9f3d59dc' },
  { column: 'bucket', label: 'Bucket, by name', example: 'invoices' },
  { column: 'quota_gb', label: "Quota in GB; 0 unlimited, 'clear' for none", example: '1024' },
  ...limitResources.map((resource) => ({
    column: rateColumn(resource),
    label: `${rateLabels[resource]}; 0 unlimited`,
    example: '100',
  })),
  { column: 'limits', label: "'clear' takes every rate limit away", example: 'clear' },
  { column: 'state', label: "'enabled' or 'disabled'", example: 'disabled' },
  {
    column: 'revoke_keys_older_than_days',
    label: 'Revokes keys first seen longer ago',
    example: '365',
  },
];

const aliases: Record<string, string> = {
  'e-mail': 'email',
  mail: 'email',
  emailaddress: 'email',
  user: 'email',
  userid: 'id',
  user_id: 'id',
  quota: 'quota_gb',
  quotagb: 'quota_gb',
};

/** The column a head names, or null. Case, blanks and a few other spellings do not matter. */
export function columnNamed(head: string): string | null {
  const plain = head
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  const name = aliases[plain] ?? aliases[plain.replaceAll('_', '-')] ?? plain;
  return tableColumns.some(({ column }) => column === name) ? name : null;
}

/** What the cells of one line change, or what is wrong with them by column. */
export function changesOf(cells: ReadonlyMap<string, string>): {
  changes: BulkChange[];
  errors: { column: string; message: string }[];
} {
  const changes: BulkChange[] = [];
  const errors: { column: string; message: string }[] = [];
  const cell = (column: string): string => cells.get(column)?.trim() ?? '';
  const wrong = (column: string, message: string): void => {
    errors.push({ column, message: `"${cell(column)}" ${message}` });
  };

  const quota = cell('quota_gb');
  if (quota.toLowerCase() === 'clear') changes.push({ change: 'clearQuota' });
  else if (/^\d{1,15}$/.test(quota)) changes.push({ change: 'setQuota', sizeGb: BigInt(quota) });
  else if (quota !== '') wrong('quota_gb', "is neither a whole number of GB nor 'clear'.");

  const limits: Record<string, number> = {};
  for (const resource of limitResources) {
    const rate = cell(rateColumn(resource));
    if (/^\d{1,12}(\.\d{1,2})?$/.test(rate)) limits[resource] = Number(rate);
    else if (rate !== '') wrong(rateColumn(resource), 'is no number with two decimals at most.');
  }
  const clearLimits = cell('limits').toLowerCase();
  if (clearLimits === 'clear' && Object.keys(limits).length > 0) {
    wrong('limits', 'and a rate limit in the same line contradict each other.');
  } else if (clearLimits === 'clear') changes.push({ change: 'clearLimits' });
  else if (clearLimits !== '') wrong('limits', "is not 'clear'.");
  if (Object.keys(limits).length > 0) changes.push({ change: 'setLimits', limits });

  const state = cell('state').toLowerCase();
  if (state === 'enabled') changes.push({ change: 'enable' });
  else if (state === 'disabled') changes.push({ change: 'disable' });
  else if (state !== '') wrong('state', "is neither 'enabled' nor 'disabled'.");

  const days = cell('revoke_keys_older_than_days');
  if (/^\d{1,5}$/.test(days))
    changes.push({ change: 'revokeOldKeys', olderThanDays: Number(days) });
  else if (days !== '') wrong('revoke_keys_older_than_days', 'is no number of days.');
  return { changes, errors };
}
