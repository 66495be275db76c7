import type { DatabaseSync } from 'node:sqlite';
import type { z } from 'zod';
import type { usageVariant } from '#shared/contract/usage-objects.ts';
import { addTo, noCounters, type UsageCounters } from '../../../gateway/usage-object.ts';
import { fromRow, type Row } from '../../sqlite/rows.ts';
import { expandRaw } from '../file/encodings.ts';
import { counterNames } from './roll-ups.ts';
import { onlySubjects, type SqlPart, type UsageFilter } from './usage-source.ts';

/** An archived object. Start and period in seconds, the other times Unix milliseconds. */
export interface ArchivedObject {
  name: string;
  serviceId: string;
  start: number;
  period: number;
  digest: string;
  bytes: number;
  items: number;
  collectedAt: number;
  removedAt: number | null;
  late: boolean;
  /** Whether it was read late enough to be sure that it had stopped growing. */
  settled: boolean;
  conflicts: number;
}

/** A content kept next to the archived one. Times Unix milliseconds. */
export type ObjectVariant = Omit<z.output<typeof usageVariant>, 'foundAt' | 'resolvedAt'> & {
  serviceId: string;
  start: number;
  foundAt: number;
  resolvedAt: number | null;
};

interface SourcesQuery {
  fromHour: number;
  toHour: number;
  filter: UsageFilter;
  offset: number;
  limit: number;
}

/** How much is archived. Times Unix seconds. */
interface ArchiveExtent {
  objects: number;
  counters: number;
  rawBytes: number;
  from: number | null;
  to: number | null;
}

const columns = `id, name, service AS serviceId, start, period, digest, bytes, counters AS items,
  collected_at, removed_at, late, settled, conflicts`;

export function objectReaders(database: DatabaseSync) {
  return {
    /** An object with its raw content, or that of one of its variants. */
    readObject: ({
      name,
      digest,
    }: {
      name: string;
      digest: string | null;
    }): { object: ArchivedObject; raw: Uint8Array; variants: ObjectVariant[] } | null => {
      const row = database.prepare(`SELECT ${columns} FROM usage_object WHERE name = ?`).get(name);
      if (!row) return null;
      const object = toArchived(row);
      const own = digest === null || digest === object.digest;
      const body = own
        ? database.prepare('SELECT * FROM usage_raw WHERE object_id = ?').get(Number(row.id))
        : database
            .prepare('SELECT * FROM usage_variant WHERE object_id = ? AND digest = ?')
            .get(Number(row.id), digest);
      if (!body) return null;
      return {
        object,
        raw: expandRaw(String(body.encoding), body.body as Uint8Array),
        variants: readVariants(database, 'o.id = ?', Number(row.id)),
      };
    },
    /** Contents that wait for a decision. */
    openVariants: (): ObjectVariant[] => readVariants(database, 'v.resolution IS NULL'),
    extent: (): ArchiveExtent => readExtent(database),
    sources: (query: SourcesQuery) => readSources(database, query),
    /** Names and digests of the objects in a period, by name. */
    sourceDigests: ({ fromHour, toHour }: { fromHour: number; toHour: number }) =>
      database
        .prepare(
          'SELECT name, digest FROM usage_object WHERE start >= ? AND start < ? ORDER BY name',
        )
        .all(fromHour * 3600, toHour * 3600)
        .map((row) => fromRow<{ name: string; digest: string }>(row)),
  };
}

function toArchived({ id: _, ...row }: Row): ArchivedObject {
  return {
    ...fromRow<ArchivedObject>(row),
    late: Number(row.late) === 1,
    settled: Number(row.settled) === 1,
  };
}

function readVariants(database: DatabaseSync, where: string, ...values: number[]): ObjectVariant[] {
  return database
    .prepare(
      `SELECT o.name, o.service AS serviceId, o.start, v.digest, v.bytes, v.found_at, v.resolution, v.resolved_at
       FROM usage_variant v JOIN usage_object o ON o.id = v.object_id
       WHERE ${where} ORDER BY o.start, v.id LIMIT 10000`,
    )
    .all(...values)
    .map((row) => fromRow<ObjectVariant>(row));
}

function readExtent(database: DatabaseSync): ArchiveExtent {
  const row = database
    .prepare(
      `SELECT count(*) AS objects, coalesce(sum(counters), 0) AS counters,
         coalesce(sum(bytes), 0) AS raw_bytes, min(start) AS "from", max(start + period) AS "to"
       FROM usage_object`,
    )
    .get();
  return fromRow<ArchiveExtent>(row as Row);
}

/** The objects that hold something of the filter, each with its part of the sum. */
function readSources(
  database: DatabaseSync,
  { fromHour, toHour, filter, offset, limit }: SourcesQuery,
): { total: number; rows: (ArchivedObject & UsageCounters)[]; totals: UsageCounters } {
  const only = onlySubjects(filter);
  const matching = sourceObjects(fromHour, toHour, filter, only);
  const ids = database.prepare(matching.sql).all(...matching.values);
  const find = database.prepare(`SELECT ${columns} FROM usage_object WHERE id = ?`);
  const counters = database.prepare(
    `SELECT ${counterNames.join(', ')} FROM counter
     WHERE id >= ? AND id < ? ${only ? `AND ${only.sql}` : ''}`,
  );
  const totals = noCounters();
  const rows = ids.map((row) => {
    const first = Number(row.first_counter);
    const part = noCounters();
    const values = only?.values ?? [];
    for (const counter of counters.all(first, first + Number(row.counters), ...values)) {
      addTo(part, counter as unknown as UsageCounters);
    }
    addTo(totals, part);
    return { id: Number(row.id), part };
  });
  return {
    total: rows.length,
    rows: rows
      .slice(offset, offset + limit)
      .map(({ id, part }) => ({ ...toArchived(find.get(id) as Row), ...part })),
    totals,
  };
}

/** By way of the hours in which the subjects had anything, so that the others are not read. */
function sourceObjects(
  fromHour: number,
  toHour: number,
  filter: UsageFilter,
  only: SqlPart | null,
): SqlPart {
  const service = filter.serviceId === undefined ? '' : 'AND o.service = ?';
  const serviceValues = filter.serviceId === undefined ? [] : [filter.serviceId];
  const columns = 'o.id, o.first_counter, o.counters';
  if (!only) {
    return {
      sql: `SELECT ${columns} FROM usage_object o
            WHERE o.start >= ? AND o.start < ? ${service} ORDER BY o.start, o.name`,
      values: [fromHour * 3600, toHour * 3600, ...serviceValues],
    };
  }
  return {
    sql: `WITH active AS (
            SELECT DISTINCT hour FROM usage_hour WHERE hour >= ? AND hour < ? AND ${only.sql}
          )
          SELECT ${columns} FROM active
          CROSS JOIN usage_object o ON o.start >= hour * 3600 AND o.start < hour * 3600 + 3600
          WHERE EXISTS (
            SELECT 1 FROM counter c WHERE c.id >= o.first_counter
              AND c.id < o.first_counter + o.counters AND c.${only.sql}
          ) ${service} ORDER BY o.start, o.name`,
    values: [fromHour, toHour, ...only.values, ...only.values, ...serviceValues],
  };
}
