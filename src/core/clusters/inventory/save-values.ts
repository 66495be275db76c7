import type { DatabaseSync } from 'node:sqlite';
import type {
  GatewayLimits,
  GatewayQuota,
  GatewayUserDetail,
} from '../../gateway/model/gateway.ts';

/** What a value hangs on. */
export interface SweepTarget {
  kind: 'user' | 'bucket' | 'default';
  /** User id, bucket name; `user` or `bucket` for a default. */
  id: string;
}

/** A value just read. Times are milliseconds since the Unix epoch. */
export type SweepValue =
  | { part: 'keys'; user: GatewayUserDetail; readAt: number }
  | { part: 'limits'; target: SweepTarget; limits: GatewayLimits; readAt: number }
  | { part: 'quotas'; target: SweepTarget; quota: GatewayQuota; readAt: number }
  | { part: 'gone'; target: SweepTarget };

/** Keeps values, all or none. Keys keep the time they were first seen at. */
export function saveValues(database: DatabaseSync, values: readonly SweepValue[]): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const value of values) saveValue(database, value);
    database.exec('COMMIT');
  } catch (thrown) {
    database.exec('ROLLBACK');
    throw thrown;
  }
}

function saveValue(database: DatabaseSync, value: SweepValue): void {
  switch (value.part) {
    case 'keys':
      saveKeys(database, value.user, value.readAt);
      return;
    case 'limits':
      saveLimits(database, value.target, value.limits, value.readAt);
      return;
    case 'quotas':
      saveQuota(database, value.target, value.quota, value.readAt);
      return;
    case 'gone': {
      const { kind, id } = value.target;
      database.prepare('DELETE FROM target WHERE kind = ? AND id = ?').run(kind, id);
      if (kind === 'user') database.prepare('DELETE FROM access_key WHERE user_id = ?').run(id);
    }
  }
}

function saveKeys(database: DatabaseSync, user: GatewayUserDetail, readAt: number): void {
  database
    .prepare(
      `INSERT INTO target (kind, id, keys_as_of) VALUES ('user', ?, ?)
       ON CONFLICT DO UPDATE SET keys_as_of = excluded.keys_as_of`,
    )
    .run(user.userId, readAt);
  const held = [
    ...user.accessKeyIds.map((id) => ['', id] as const),
    ...user.accounts.flatMap(({ name, accessKeyIds }) =>
      accessKeyIds.map((id) => [name, id] as const),
    ),
  ];
  database
    .prepare(
      `DELETE FROM access_key WHERE user_id = ?
       AND json_array(account_name, access_key_id) NOT IN (SELECT value FROM json_each(?))`,
    )
    .run(user.userId, JSON.stringify(held.map((pair) => JSON.stringify(pair))));
  const insert = database.prepare('INSERT OR IGNORE INTO access_key VALUES (?, ?, ?, ?)');
  for (const [accountName, id] of held) insert.run(user.userId, accountName, id, readAt);
}

function saveLimits(
  database: DatabaseSync,
  { kind, id }: SweepTarget,
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
         ops_delete = excluded.ops_delete, bandwidth_out = excluded.bandwidth_out`,
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
    );
}

function saveQuota(
  database: DatabaseSync,
  { kind, id }: SweepTarget,
  quota: GatewayQuota,
  readAt: number,
): void {
  database
    .prepare(
      `INSERT INTO target (kind, id, quota_as_of, quota_set, quota_gb) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET quota_as_of = excluded.quota_as_of,
         quota_set = excluded.quota_set, quota_gb = excluded.quota_gb`,
    )
    .run(kind, id, readAt, quota === null ? 0 : 1, quota === null ? null : quota.sizeGb);
}
