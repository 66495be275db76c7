import type { DatabaseSync } from 'node:sqlite';
import type {
  GatewayLimits,
  GatewayQuota,
  GatewayUserDetail,
} from '../../../gateway/model/gateway.ts';
import { inTransaction } from '../../sqlite/database.ts';
import { StoredOrders } from '../orders/stored-orders.ts';
import { unmark } from './pack-mark.ts';
import { recount, saveUser } from './save-user.ts';

/** Forgets a user the gateway no longer has. Buckets of that owner stay, their owner unknown. */
export function forgetUser(database: DatabaseSync, userId: string): void {
  loseOwner(database, userId);
  database.prepare('DELETE FROM user WHERE user_id = ?').run(userId);
}

/** Makes the owner of a user's buckets unknown, which takes them to the beginning of that order. */
function loseOwner(database: DatabaseSync, userId: string): void {
  const user = database.prepare('SELECT id, bucket_count FROM user WHERE user_id = ?').get(userId);
  if (!user || Number(user.bucket_count) <= 0) return;
  const owner = Number(user.id);
  const orders = new StoredOrders(database);
  const ids = orders.ids('owner');
  const unknown = orders.without('owner');
  const [start, end] = [orders.before('owner', owner), orders.upTo('owner', owner)];
  const lost = ids.subarray(start, end);
  database
    .prepare(`UPDATE bucket SET owner = NULL, owner_id = ?
      WHERE id IN (SELECT value FROM json_each(?))`)
    .run(userId, JSON.stringify(Array.from(lost)));
  const order = new Uint32Array(ids.length);
  order.set(ids.subarray(0, unknown));
  order.set(lost, unknown);
  order.subarray(0, unknown + lost.length).sort();
  order.set(ids.subarray(unknown, start), unknown + lost.length);
  order.set(ids.subarray(end), end);
  orders.write('owner', order);
}

/** Forgets a bucket the gateway no longer has, in its owner's sums and in the cluster's too. */
export function forgetBucket(database: DatabaseSync, name: string): void {
  const select = database.prepare('SELECT * FROM bucket WHERE name = ?');
  select.setReadBigInts(true);
  for (const bucket of select.all(name)) {
    const { id, owner } = bucket;
    const [current, peak] = [known(bucket.current_bytes), known(bucket.peak_bytes)];
    database.prepare('DELETE FROM bucket WHERE id = ?').run(id as bigint);
    database.prepare('INSERT INTO removed_bucket VALUES (?)').run(id as bigint);
    database
      .prepare(`UPDATE user SET bucket_count = bucket_count - 1,
        current_bytes = current_bytes - ?, peak_bytes = peak_bytes - ? WHERE id = ?`)
      .run(current, peak, owner as bigint | null);
    subtract(database, 'buckets', 1n);
    if (bucket.current_bytes === 0n) subtract(database, 'emptyBuckets', 1n);
    subtract(database, 'currentBytes', current);
    subtract(database, 'peakBytes', peak);
  }
}

/** A figure that can't be true is stored below zero, and is in no sum. */
function known(figure: unknown): bigint {
  return (figure as bigint) < 0n ? 0n : (figure as bigint);
}

function subtract(database: DatabaseSync, key: string, amount: bigint): void {
  const row = database.prepare('SELECT value FROM meta WHERE key = ?').get(key);
  if (!row) return;
  const value = BigInt(String(row.value)) - amount;
  database.prepare('UPDATE meta SET value = ? WHERE key = ?').run(String(value), key);
}

export interface TargetName {
  kind: 'user' | 'bucket' | 'default';
  /** User id, bucket name; `user` or `bucket` for a default. */
  id: string;
}

/** What was read of a target. Times are milliseconds since the Unix epoch. */
export type TargetValue =
  /** The user's row, keys and accounts. */
  | { part: 'keys'; user: GatewayUserDetail; readAt: number }
  | { part: 'limits'; target: TargetName; limits: GatewayLimits; readAt: number }
  | { part: 'quotas'; target: TargetName; quota: GatewayQuota; readAt: number }
  /** The gateway no longer has it: it leaves the lists. */
  | { part: 'gone'; target: TargetName }
  /** A request for its values found nothing: they are forgotten, and the next refresh decides. */
  | { part: 'missing'; target: TargetName };

/** The targets that values are of; `all` where one is gone, which others' sums and states rest on. */
export function touchedBy(values: readonly TargetValue[]): TargetName[] | 'all' {
  if (values.some(({ part }) => part === 'gone')) return 'all';
  return values.map((value) =>
    'target' in value ? value.target : { kind: 'user', id: value.user.userId },
  );
}

/** Keeps values, all or none; from then on the file is no pack's. A value read earlier than the one that is kept is passed over. */
export function saveValues(database: DatabaseSync, values: readonly TargetValue[]): void {
  inTransaction(database, () => {
    for (const value of values) saveValue(database, value);
    if (values.length > 0) unmark(database);
    if (values.some(({ part }) => part === 'keys' || part === 'gone')) recount(database);
  });
}

function saveValue(database: DatabaseSync, value: TargetValue): void {
  if (value.part === 'keys') saveUser(database, value.user, value.readAt);
  else if (value.part === 'limits') saveLimits(database, value.target, value.limits, value.readAt);
  else if (value.part === 'quotas') saveQuota(database, value.target, value.quota, value.readAt);
  else {
    const { kind, id } = value.target;
    if (value.part === 'gone' && kind === 'user') forgetUser(database, id);
    if (value.part === 'gone' && kind === 'bucket') forgetBucket(database, id);
    forgetValues(database, value.target);
  }
}

function forgetValues(database: DatabaseSync, { kind, id }: TargetName): void {
  database.prepare('DELETE FROM target WHERE kind = ? AND id = ?').run(kind, id);
  if (kind !== 'user') return;
  for (const table of ['user_detail', 'account', 'access_key']) {
    database.prepare(`DELETE FROM ${table} WHERE user_id = ?`).run(id);
  }
}

/** A kept time that is still to come was written while the clock was wrong: it counts for nothing. */
const unlessOlder = (column: string): string =>
  `WHERE ${column} IS NULL OR ${column} <= excluded.${column} OR ${column} > ?`;

function saveLimits(
  database: DatabaseSync,
  { kind, id }: TargetName,
  limits: GatewayLimits,
  readAt: number,
): void {
  const value = (text: string | undefined) => (text === undefined ? null : Number(text));
  database
    .prepare(
      `INSERT INTO target (kind, id, limits_as_of, limits_set, ops_default, ops_get, ops_put,
         ops_list, ops_delete, bandwidth_out) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET limits_as_of = excluded.limits_as_of,
         limits_set = excluded.limits_set, ops_default = excluded.ops_default,
         ops_get = excluded.ops_get, ops_put = excluded.ops_put, ops_list = excluded.ops_list,
         ops_delete = excluded.ops_delete, bandwidth_out = excluded.bandwidth_out
       ${unlessOlder('limits_as_of')}`,
    )
    .run(
      kind,
      id,
      readAt,
      limits === null ? 0 : 1,
      value(limits?.opsDefault),
      value(limits?.opsGet),
      value(limits?.opsPut),
      value(limits?.opsList),
      value(limits?.opsDelete),
      value(limits?.bandwidthOut),
      Date.now(),
    );
}

function saveQuota(
  database: DatabaseSync,
  { kind, id }: TargetName,
  quota: GatewayQuota,
  readAt: number,
): void {
  database
    .prepare(
      `INSERT INTO target (kind, id, quota_as_of, quota_set, quota_gb) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET quota_as_of = excluded.quota_as_of,
         quota_set = excluded.quota_set, quota_gb = excluded.quota_gb
       ${unlessOlder('quota_as_of')}`,
    )
    .run(
      kind,
      id,
      readAt,
      quota === null ? 0 : 1,
      quota === null ? null : quota.sizeGb,
      Date.now(),
    );
}
