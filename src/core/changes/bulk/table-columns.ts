import type { z } from 'zod';
import type { bulkChange } from '#shared/contract/bulk.ts';
import { accountName } from '#shared/contract/targets.ts';
import { type NumberRules, readEnteredNumber } from '#shared/entered-number.ts';
import {
  type LimitResource,
  limitResources,
  limitWords,
  quotaRules,
  rateRules,
} from '#shared/limit-resources.ts';
import { withoutInvisible } from '#shared/plain-text.ts';

/** A column of a table: its name, and the change that a cell makes. */
interface TableColumn {
  column: string;
  label: string;
  example: string;
}

/** `opsGet` as a column: `ops_get`. */
export function rateColumn(resource: LimitResource): string {
  return resource.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export function isLimitColumn(column: string): boolean {
  return column === 'limits' || limitResources.some((resource) => rateColumn(resource) === column);
}

export const tableColumns: readonly TableColumn[] = [
  { column: 'email', label: "User, by e-mail (or 'id', or 'bucket')", example: 'user@example.com' },
  { column: 'id', label: 'User, by id', example: 'ca55631f9f3d59dc' },
  { column: 'bucket', label: 'Bucket, by name', example: 'invoices' },
  { column: 'quota_gb', label: "Quota in whole GB, 0 or more; 'clear' for none", example: '1024' },
  ...limitResources.map((resource) => ({
    column: rateColumn(resource),
    label: `${limitWords[resource].name}, ${limitWords[resource].unit}; 0 = unlimited`,
    example: '100',
  })),
  { column: 'limits', label: "'clear' removes all rate limits", example: 'clear' },
  { column: 'state', label: "'enabled' or 'disabled'", example: 'disabled' },
  {
    column: 'revoke_keys_older_than_days',
    label: 'Revokes keys first seen longer ago',
    example: '365',
  },
  { column: 'create_user', label: "'yes' creates the user of this e-mail", example: 'yes' },
  { column: 'create_account', label: 'Creates this account of the user', example: 'backup' },
  {
    column: 'generate_key',
    label: "'yes', or the account that gets the access key",
    example: 'yes',
  },
  { column: 'reason', label: 'Why, for the run and the journal', example: 'as ordered' },
];

/** Aliases of columns: names from the console's exports, and common ones. */
const aliases: Record<string, string> = {
  e_mail: 'email',
  email_address: 'email',
  mail: 'email',
  emailaddress: 'email',
  user: 'email',
  userid: 'id',
  user_id: 'id',
  quota: 'quota_gb',
  quotagb: 'quota_gb',
  own_quota: 'quota_gb',
  name: 'bucket',
  bucket_name: 'bucket',
  'default_ops/s': 'ops_default',
  'get_ops/s': 'ops_get',
  'put_ops/s': 'ops_put',
  'list_ops/s': 'ops_list',
  'delete_ops/s': 'ops_delete',
  'out_kb/s': 'bandwidth_out',
  'out_kbs/s': 'bandwidth_out',
};

/** Returns the column a heading names, or null. Case, blanks and a few other spellings do not matter. */
export function columnNamed(heading: string): string | null {
  const plain = withoutInvisible(heading)
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  const name = Object.hasOwn(aliases, plain) ? aliases[plain] : plain;
  return tableColumns.some(({ column }) => column === name) ? (name ?? null) : null;
}

interface LineChanges {
  changes: TableChange[];
  errors: { column: string; message: string }[];
}

/** Reads a line's cells by column, and collects changes and errors. */
class LineReader implements LineChanges {
  readonly changes: TableChange[] = [];
  readonly errors: { column: string; message: string }[] = [];
  readonly #cells: ReadonlyMap<string, string>;

  constructor(cells: ReadonlyMap<string, string>) {
    this.#cells = cells;
  }

  /** The text of a cell in lower case; placeholders of an export count as empty. */
  words(column: string): string {
    const text = withoutInvisible(this.#cells.get(column) ?? '').toLowerCase();
    return text === 'not read' || text === 'unknown' ? '' : text;
  }

  wrong(column: string, message: string): void {
    this.errors.push({ column, message: `"${this.#cells.get(column)?.trim()}" ${message}` });
  }

  /** A number as it was typed, or null with an error on record. */
  number(column: string, rules: NumberRules): string | null {
    const { value, error } = readEnteredNumber(this.#cells.get(column) ?? '', rules);
    if (error !== undefined) this.errors.push({ column, message: error });
    return value ?? null;
  }
}

export function changesOf(cells: ReadonlyMap<string, string>): LineChanges {
  const line = new LineReader(cells);
  readQuota(line);
  readLimits(line);
  const state = line.words('state');
  if (state === 'enabled') line.changes.push({ change: 'enable' });
  else if (state === 'disabled') line.changes.push({ change: 'disable' });
  else if (state !== '') line.wrong('state', "is neither 'enabled' nor 'disabled'.");
  const column = 'revoke_keys_older_than_days';
  if (line.words(column) !== '') {
    const days = line.number(column, { unit: 'days', most: 36_500 });
    if (days !== null) line.changes.push({ change: 'revokeOldKeys', olderThanDays: Number(days) });
  }
  readCreations(line, cells);
  return line;
}

/** Reads creations; names of accounts are used as typed. */
function readCreations(line: LineReader, cells: ReadonlyMap<string, string>): void {
  const create = line.words('create_user');
  if (create === 'yes') line.changes.push({ change: 'createUser' });
  else if (create !== '' && create !== 'no')
    line.wrong('create_user', "is neither 'yes' nor 'no'.");
  const account = nameOf(line, cells, 'create_account');
  if (account) line.changes.push({ change: 'createAccount', accountName: account });
  const key = line.words('generate_key');
  if (key === '' || key === 'no') return;
  const holder = key === 'yes' ? null : nameOf(line, cells, 'generate_key');
  if (holder !== null && holder === account) {
    line.wrong('generate_key', 'is created by the same line, with an access key.');
  } else line.changes.push({ change: 'generateKey', accountName: holder });
}

function nameOf(
  line: LineReader,
  cells: ReadonlyMap<string, string>,
  column: string,
): string | null {
  const typed = withoutInvisible(cells.get(column) ?? '').trim();
  if (typed === '') return null;
  const { success, data } = accountName.safeParse(typed);
  if (success) return data;
  line.wrong(column, 'is not a valid account name.');
  return null;
}

function readQuota(line: LineReader): void {
  const quota = line.words('quota_gb');
  if (quota === '') return;
  if (quota === 'clear' || quota === 'not set') line.changes.push({ change: 'clearQuota' });
  else if (quota === 'unlimited') line.changes.push({ change: 'setQuota', sizeGb: 0n });
  else if (!/\d/.test(quota))
    line.wrong('quota_gb', "is neither a whole number of GB nor 'clear'.");
  else {
    const sizeGb = line.number('quota_gb', quotaRules);
    if (sizeGb !== null) line.changes.push({ change: 'setQuota', sizeGb: BigInt(sizeGb) });
  }
}

function readLimits(line: LineReader): void {
  const limits: Record<string, number> = {};
  let unset = 0;
  for (const resource of limitResources) {
    const column = rateColumn(resource);
    const words = line.words(column);
    if (words === 'not set') unset += 1;
    if (words === '' || words === 'not set') continue;
    const unit = limitWords[resource].shortUnit;
    const rate = words === 'unlimited' ? '0' : line.number(column, rateRules(unit));
    if (rate !== null) limits[resource] = Number(rate);
  }
  const named = Object.keys(limits).length > 0;
  const clear = line.words('limits');
  if (clear !== '' && clear !== 'clear') line.wrong('limits', "is not 'clear'.");
  else if (clear === 'clear' && named) {
    line.wrong('limits', 'and a rate limit in the same line contradict each other.');
  } else if (clear === 'clear' || unset === limitResources.length) {
    line.changes.push({ change: 'clearLimits' });
  }
  if (named) line.changes.push({ change: 'setLimits', limits });
}

type BulkChange = z.output<typeof bulkChange>;

/** A change that a line of a table can ask for; creations come only from lines, never from a filter. */
export type TableChange =
  | BulkChange
  | { change: 'createUser' }
  | { change: 'createAccount'; accountName: string }
  /** `accountName` null: of the user itself. */
  | { change: 'generateKey'; accountName: string | null };
