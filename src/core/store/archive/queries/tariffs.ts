import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '../../sqlite/database.ts';

/** One version of a tariff. The body is JSON as the contract has it. */
export interface StoredTariff {
  tariffId: string;
  version: number;
  body: unknown;
  /** Unix milliseconds. */
  savedAt: number;
}

function toTariff(row: Record<string, unknown>): StoredTariff {
  return {
    tariffId: String(row.tariff_id),
    version: Number(row.version),
    body: JSON.parse(String(row.body)) as unknown,
    savedAt: Number(row.saved_at),
  };
}

export function tariffReaders(database: DatabaseSync) {
  return {
    /** One version, or the newest for null. */
    readTariff({
      tariffId,
      version,
    }: {
      tariffId: string;
      version: number | null;
    }): StoredTariff | null {
      const row = database
        .prepare(
          `SELECT * FROM tariff WHERE tariff_id = ?1 AND (?2 IS NULL OR version = ?2)
           ORDER BY version DESC LIMIT 1`,
        )
        .get(tariffId, version);
      return row ? toTariff(row) : null;
    },
    /** Every version, oldest first; of one tariff or of all. */
    readTariffs: ({ tariffId }: { tariffId: string | null }): StoredTariff[] =>
      database
        .prepare(
          'SELECT * FROM tariff WHERE ?1 IS NULL OR tariff_id = ?1 ORDER BY tariff_id, version',
        )
        .all(tariffId)
        .map(toTariff),
  };
}

/** Changes of tariffs: versions are added, never changed. */
export function tariffWriters(database: DatabaseSync) {
  return {
    addTariffVersion: ({ tariffId, body, savedAt }: Omit<StoredTariff, 'version'>): StoredTariff =>
      inTransaction(database, () => {
        const last = database
          .prepare('SELECT coalesce(max(version), 0) AS version FROM tariff WHERE tariff_id = ?')
          .get(tariffId);
        const version = Number(last?.version) + 1;
        database
          .prepare('INSERT INTO tariff VALUES (?, ?, ?, ?)')
          .run(tariffId, version, JSON.stringify(body), savedAt);
        return { tariffId, version, body, savedAt };
      }),
  };
}
