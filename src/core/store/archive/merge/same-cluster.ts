import type { DatabaseSync } from 'node:sqlite';
import { formatCounted } from '#shared/counted.ts';

/** Whether another archive is of the same cluster, and what says so. */
export interface ClusterFinding {
  cluster: 'same' | 'different' | 'unknown';
  evidence: string;
}

/**
 * Compares the users of two archives. User ids are random 64-bit numbers that a cluster gives out once,
 * while service ids and names of objects are alike everywhere.
 */
export function compareClusters(own: DatabaseSync, other: DatabaseSync): ClusterFinding {
  const [ours, theirs] = [userIds(own), userIds(other)];
  const shared = [...theirs].filter((id) => ours.has(id)).length;
  const users = (count: number): string => formatCounted(count, 'user');
  if (shared > 0) {
    return { cluster: 'same', evidence: `${users(shared)} of it are known to this archive too.` };
  }
  if (ours.size > 0 && theirs.size > 0) {
    const evidence = `None of its ${users(theirs.size)} is known to this archive, which knows ${users(ours.size)}.`;
    return { cluster: 'different', evidence };
  }
  const which = theirs.size === 0 ? 'It' : 'This archive';
  return { cluster: 'unknown', evidence: `${which} holds no users yet to compare.` };
}

function userIds(database: DatabaseSync): Set<string> {
  const rows = database
    .prepare(
      `SELECT user_id FROM subject WHERE user_id <> '' UNION SELECT user_id FROM known_user
       UNION SELECT user_id FROM user_size`,
    )
    .all();
  return new Set(rows.map((row) => String(row.user_id).toLowerCase()));
}
