import type { DatabaseSync } from 'node:sqlite';

type Row = Record<string, unknown>;

/** What a merge brings beside objects, sizes and journals. */
export interface DecisionCounts {
  /** Versions of tariffs. */
  tariffs: number;
  /** Versions of tariffs that are here with another content: this archive's count. */
  differingTariffs: number;
  /** Hours accepted as silent. */
  silences: number;
}

/**
 * Takes over names of users, tariffs and decisions about silent hours; call it in a transaction. What
 * is here already stays as it is.
 */
export function mergeDecisions(own: DatabaseSync, other: DatabaseSync): DecisionCounts {
  const names = own.prepare(
    `INSERT INTO known_user VALUES (?, ?, ?) ON CONFLICT (user_id) DO UPDATE
     SET email = excluded.email, seen_at = excluded.seen_at WHERE excluded.seen_at > seen_at`,
  );
  for (const row of other.prepare('SELECT user_id, email, seen_at FROM known_user').iterate()) {
    names.run(String(row.user_id), String(row.email), Number(row.seen_at));
  }
  return { ...mergeTariffs(own, other), silences: mergeSilences(own, other) };
}

function mergeTariffs(own: DatabaseSync, other: DatabaseSync) {
  const find = own.prepare('SELECT body FROM tariff WHERE tariff_id = ? AND version = ?');
  const add = own.prepare('INSERT INTO tariff VALUES (?, ?, ?, ?)');
  const counts = { tariffs: 0, differingTariffs: 0 };
  for (const row of other.prepare('SELECT * FROM tariff').iterate()) {
    const [id, version] = [String(row.tariff_id), Number(row.version)];
    const known = find.get(id, version);
    if (!known) {
      add.run(id, version, String(row.body), Number(row.saved_at));
      counts.tariffs += 1;
    } else if (known.body !== row.body) counts.differingTariffs += 1;
  }
  return counts;
}

function mergeSilences(own: DatabaseSync, other: DatabaseSync): number {
  const columns = 'service, from_hour, to_hour, reason, operator, accepted_at, kind';
  const find = own.prepare(
    `SELECT id, withdrawn_at FROM accepted_gap WHERE service = ? AND from_hour = ? AND to_hour = ?
       AND reason = ? AND operator = ? AND accepted_at = ? AND kind = ?`,
  );
  const add = own.prepare(
    `INSERT INTO accepted_gap (${columns}, withdrawn_by, withdrawn_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const withdraw = own.prepare(
    'UPDATE accepted_gap SET withdrawn_by = ?, withdrawn_at = ? WHERE id = ?',
  );
  let added = 0;
  for (const row of other.prepare('SELECT * FROM accepted_gap ORDER BY id').iterate()) {
    const gap = valuesOf(row);
    const back = [row.withdrawn_by as string | null, row.withdrawn_at as bigint | null] as const;
    const known = find.get(...gap);
    if (!known) {
      add.run(...gap, ...back);
      added += 1;
    } else if (known.withdrawn_at === null && row.withdrawn_at !== null) {
      withdraw.run(...back, known.id as bigint);
    }
  }
  return added;
}

function valuesOf(row: Row): [string, bigint, bigint, string, string, bigint, string] {
  return [
    String(row.service),
    row.from_hour as bigint,
    row.to_hour as bigint,
    String(row.reason),
    String(row.operator),
    row.accepted_at as bigint,
    String(row.kind),
  ];
}
