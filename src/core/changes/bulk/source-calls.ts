import type { z } from 'zod';
import type { bulkSource } from '#shared/contract/bulk.ts';
import { agreeing, formatCounted } from '#shared/counted.ts';
import { day } from '#shared/durations.ts';
import { AppError, invalidInput } from '#shared/errors.ts';
import { toWireInteger } from '#shared/units.ts';
import type { Snapshot } from '../../store/snapshot/snapshot.ts';
import type { OperationCall } from '../operations/catalogue/operation.ts';
import type { TableTarget } from './find-target.ts';
import { type BadLine, parseTable } from './parse-table.ts';
import { type RelativeChange, relativeOf } from './relative.ts';
import { isLimitColumn, type TableChange } from './table-columns.ts';

export type BulkSource = z.output<typeof bulkSource>;

/** An operation on one target, and the line it came from. */
export interface SourceCall {
  line: number | null;
  call: OperationCall;
  /** The relative change that its values are computed from once its target was read. */
  relative?: RelativeChange | undefined;
  /** Why its row is refused, independent of its target. */
  refusal?: AppError;
  /** Why it is done, in words: in the run and in the journal. */
  reason?: string | undefined;
  /** The target's name in a row that is refused unread, as the line has it. */
  name?: string;
}

export interface SourceCalls {
  title: string;
  calls: SourceCall[];
  warnings: string[];
}

const pageSize = 1000;

export function changeTitle(change: TableChange): string {
  switch (change.change) {
    case 'setQuota':
      return `Set quota to ${change.sizeGb} GB`;
    case 'adjustQuota':
      return `Change quota by ${change.by}`;
    case 'clearQuota':
      return 'Clear quota';
    case 'setLimits':
      return 'Set rate limits';
    case 'adjustLimits':
      return 'Change rate limits';
    case 'clearLimits':
      return 'Clear rate limits';
    case 'enable':
      return 'Enable';
    case 'disable':
      return 'Disable';
    case 'revokeOldKeys':
      return `Revoke keys older than ${formatCounted(change.olderThanDays, 'day')}`;
    case 'createUser':
      return 'Create user';
    case 'createAccount':
      return `Create account ${change.accountName}`;
    case 'generateKey':
      return change.accountName === null
        ? 'Generate access key'
        : `Generate access key of account ${change.accountName}`;
  }
}

/**
 * The operations a source stands for, in its order.
 * @throws AppError `INPUT_INVALID` for a table with errors, or a change that its targets don't know
 */
export async function callsOf(source: BulkSource, snapshot: Snapshot): Promise<SourceCalls> {
  if (source.from === 'csv') return tableCalls(source, snapshot);
  if (source.from === 'keys') {
    const calls = source.keys.map(({ userId, accountName, accessKeyId }) =>
      unlined({
        operation: 'keys.revoke',
        input: { userId, accessKeyId, ...(accountName === undefined ? {} : { accountName }) },
      }),
    );
    return { title: 'Revoke selected access keys', calls, warnings: [] };
  }
  const { change } = source;
  if (source.from === 'buckets' || source.from === 'bucketFilter') {
    const names =
      source.from === 'buckets' ? source.names : await matchingBuckets(source, snapshot);
    const calls = names.map((bucket) => sourceFor({ bucket }, change));
    return { title: `${changeTitle(change)}, buckets`, calls, warnings: [] };
  }
  const { userIds, left } =
    source.from === 'users'
      ? { userIds: [...new Set(source.userIds)], left: [] }
      : await matchingUsers(source, snapshot);
  const title = `${changeTitle(change)}, users`;
  if (change.change === 'revokeOldKeys') {
    const { calls, warnings } = await revocations(userIds, change.olderThanDays, snapshot);
    return { title, calls: calls.map(unlined), warnings: [...left, ...warnings] };
  }
  const calls = userIds.map((user) => sourceFor({ user }, change));
  return { title, calls, warnings: left };
}

function sourceFor(target: TableTarget, change: TableChange): SourceCall {
  return { ...unlined(callFor(target, change)), relative: relativeOf(change) };
}

const unlined = (call: OperationCall): SourceCall => ({ line: null, call });

type Matching<From extends BulkSource['from']> = Omit<
  Extract<BulkSource, { from: From }>,
  'from' | 'change'
>;

/**
 * The users that match, without system users: those manage the cluster, and are changed only where
 * they are asked for, by the filter or by name. `left` says what was omitted.
 */
async function matchingUsers(
  { search, filter }: Matching<'filter'>,
  snapshot: Snapshot,
): Promise<{ userIds: string[]; left: string[] }> {
  const sort = { by: 'email', descending: false } as const;
  const system = new Set<string>();
  const unknown = new Set<string>();
  const matching = await allPages(async (page) => {
    const { rows } = await snapshot.ask('users', { search, filter, sort, ...page });
    for (const { userId, flags, flagsUnknown } of rows) {
      if (flags.includes('system')) system.add(userId);
      else if (flagsUnknown) unknown.add(userId);
    }
    return rows.map(({ userId }) => userId);
  });
  if (filter?.system === true) return { userIds: matching, left: [] };
  const left: string[] = [];
  if (system.size > 0) {
    const many = formatCounted(system.size, 'system user');
    left.push(`${many} skipped: select system users to change them.`);
  }
  if (unknown.size > 0) {
    const many = formatCounted(unknown.size, 'user');
    left.push(
      `${many} skipped: nothing read so far says whether ${agreeing(unknown.size, 'this is a system user', 'these are system users')}. Read ${agreeing(unknown.size, 'its', 'their')} keys while the gateway can be reached, or select ${agreeing(unknown.size, 'it', 'them')} by name.`,
    );
  }
  const isTenant = (userId: string): boolean => !system.has(userId) && !unknown.has(userId);
  return { userIds: matching.filter(isTenant), left };
}

function matchingBuckets(
  { search, filter, ownerId }: Matching<'bucketFilter'>,
  snapshot: Snapshot,
): Promise<string[]> {
  const sort = { by: 'name', descending: false } as const;
  return allPages(async (page) => {
    const { rows } = await snapshot.ask('buckets', { search, filter, ownerId, sort, ...page });
    return rows.map(({ name }) => name);
  });
}

/** Most rows of a run, which keeps each with its states before and after. */
const most = 200_000;

/** Returns what all pages hold, each once. */
export async function allPages(
  read: (page: { offset: number; limit: number }) => Promise<string[]>,
): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    const page = await read({ offset: found.length, limit: pageSize });
    found.push(...page);
    if (found.length > most) throw tooMany();
    // A refresh in between may have moved one to a later page.
    if (page.length < pageSize) return [...new Set(found)];
  }
}

function tooMany(): AppError {
  return invalidInput(
    `More than ${most.toLocaleString('en-US')} targets match: too many for one change.`,
    'Narrow them, by size or by part of the name, and change them in several runs.',
  );
}

async function revocations(
  userIds: string[],
  olderThanDays: number,
  snapshot: Snapshot,
): Promise<{ calls: OperationCall[]; warnings: string[] }> {
  const before = Date.now() - olderThanDays * day;
  const { keys, unknown } = await snapshot.ask('oldKeys', { userIds, before });
  const calls = keys.map(
    ({ userId, accountName, accessKeyId }): OperationCall => ({
      operation: 'keys.revoke',
      input: { userId, accessKeyId, ...(accountName === null ? {} : { accountName }) },
    }),
  );
  const warnings =
    unknown === 0
      ? []
      : [
          `The keys of ${unknown} of these users were never read: load keys and limits on the Keys page to include them.`,
        ];
  return { calls, warnings };
}

export function callFor(target: TableTarget, change: TableChange): OperationCall {
  if ('newUser' in target) return { operation: 'users.create', input: { email: target.newUser } };
  switch (change.change) {
    case 'setQuota':
      return {
        operation: 'quotas.set',
        input: { target, sizeGb: toWireInteger(change.sizeGb) },
      };
    case 'adjustQuota':
      return { operation: 'quotas.set', input: { target, sizeGb: '' } };
    case 'clearQuota':
      return { operation: 'quotas.clear', input: { target } };
    case 'setLimits':
      return { operation: 'limits.set', input: { target, limits: change.limits } };
    case 'adjustLimits':
      return { operation: 'limits.set', input: { target, limits: change.limits ?? {} } };
    case 'clearLimits':
      return { operation: 'limits.clear', input: { target } };
    default: {
      if ('bucket' in target) throw notForBuckets(change);
      const input = { userId: target.user };
      if (change.change === 'createAccount') {
        const { accountName } = change;
        return { operation: 'accounts.create', input: { ...input, accountName } };
      }
      if (change.change === 'generateKey') {
        const { accountName } = change;
        const holder = accountName === null ? {} : { accountName };
        return { operation: 'keys.generate', input: { ...input, ...holder } };
      }
      return { operation: change.change === 'enable' ? 'users.enable' : 'users.disable', input };
    }
  }
}

function notForBuckets(change: TableChange): AppError {
  return invalidInput(
    `"${changeTitle(change)}" applies to users only.`,
    'Select quotas or limits for buckets, or select users.',
  );
}

/** The calls of a table's lines; those of bad lines are refused, each by what is wrong with it. */
async function tableCalls(
  { text, title = 'Changes from a table' }: Extract<BulkSource, { from: 'csv' }>,
  snapshot: Snapshot,
): Promise<SourceCalls> {
  const { entries, bad, errors, ignored } = await parseTable(text, snapshot);
  if (errors.length > 0 && entries.length === 0) {
    const [first] = errors;
    throw new AppError({
      code: 'INPUT_INVALID',
      message: `The table has ${formatCounted(errors.length, 'error')}; the first is in line ${first?.line}${first?.column ? `, column ${first.column}` : ''}: ${first?.message}`,
      hint: 'Correct the named cells; nothing was changed.',
      details: { errors: errors.slice(0, 200) },
    });
  }
  const warnings =
    ignored.length === 0 ? [] : [`Ignored columns: ${ignored.join(', ').slice(0, 500)}.`];
  const calls: SourceCall[] = bad.map(refusedLine);
  for (const { line, target, changes, reason } of entries) {
    for (const change of changes) {
      if (change.change === 'revokeOldKeys' && 'user' in target) {
        const found = await revocations([target.user], change.olderThanDays, snapshot);
        calls.push(...found.calls.map((call) => ({ line, call, reason })));
        warnings.push(...found.warnings.map((warning) => `Line ${line}: ${warning}`));
      } else calls.push({ line, call: callFor(target, change), reason });
    }
  }
  // A person follows the run in the table: stable, so that calls of one line keep their order.
  calls.sort((left, right) => (left.line ?? 0) - (right.line ?? 0));
  const left = bad.length === 0 ? [] : [linesLeftOut(bad)];
  return { title, calls, warnings: [...left, ...warnings].slice(0, 20) };
}

const linesNamed = 10;

function linesLeftOut(bad: readonly BadLine[]): string {
  const named = bad.slice(0, linesNamed).map(({ line, name }) => `${line} (${name})`);
  if (bad.length > linesNamed) named.push('…');
  const many = formatCounted(bad.length, 'line of the table is', 'lines of the table are');
  return `${many} skipped: ${agreeing(bad.length, 'line', 'lines')} ${named.join(', ')}.`;
}

/** The row of a bad line: what it was about, though nothing of it is sent. */
function refusedLine({ line, target, name, changes, errors }: BadLine): SourceCall {
  const refusal = invalidInput(
    errors
      .slice(0, 5)
      .map(({ column, message }) => (column === '' ? message : `${column}: ${message}`))
      .join(' '),
    'Correct the cell and preview the table again; nothing is sent for this line.',
  );
  const columns = errors.map(({ column }) => column);
  const creates = changes.some(({ change }) => change === 'createUser');
  if (creates || columns.includes('create_user') || 'newUser' in target) {
    return { line, name, refusal, call: { operation: 'users.create', input: { email: name } } };
  }
  const userId = 'user' in target ? target.user : target.bucket;
  if (columns.includes('create_account')) {
    const input = { userId, accountName: '' };
    return { line, name, refusal, call: { operation: 'accounts.create', input } };
  }
  if (columns.includes('generate_key')) {
    return { line, name, refusal, call: { operation: 'keys.generate', input: { userId } } };
  }
  if (columns.includes('state')) {
    return { line, name, refusal, call: { operation: 'users.disable', input: { userId } } };
  }
  if (columns.includes('revoke_keys_older_than_days')) {
    const input = { userId, accessKeyId: '' };
    return { line, name, refusal, call: { operation: 'keys.revoke', input } };
  }
  const call: OperationCall = columns.some(isLimitColumn)
    ? { operation: 'limits.set', input: { target, limits: {} } }
    : { operation: 'quotas.set', input: { target, sizeGb: '' } };
  return { line, name, refusal, call };
}
