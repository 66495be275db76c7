import type { DatabaseSync } from 'node:sqlite';
import { StoredOrders } from '../orders/stored-orders.ts';

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
