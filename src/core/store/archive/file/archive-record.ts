import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import { formatCount, formatCounted } from '#shared/counted.ts';

/** What an archive holds, in figures that only ever grow. */
interface ArchiveCounts {
  /** Statistics objects, and the number of the last one. */
  objects: number;
  lastObject: number;
  /** Further contents kept next to objects. */
  variants: number;
  /** Entries of the journal, and the hash of the last one. */
  entries: number;
  hash: string;
  /** When sizes were last sampled, Unix milliseconds. */
  sampledAt: number;
  tariffs: number;
  acceptedGaps: number;
  issuedStatements: number;
}

/** The counts as they were last written next to the file. */
export interface ArchiveRecord extends ArchiveCounts {
  /** SQLite's schema version: a different one means that somebody altered the file. */
  schema: number;
}

/** The file next to the archive that says what must be in it. */
function archiveRecordPath(archivePath: string): string {
  return join(dirname(archivePath), 'archive-record.json');
}

const figures = {
  objects: ['usage_object', 'SELECT count(*) FROM usage_object'],
  lastObject: ['usage_object', 'SELECT coalesce(max(id), 0) FROM usage_object'],
  variants: ['usage_variant', 'SELECT coalesce(max(id), 0) FROM usage_variant'],
  entries: ['journal_entry', 'SELECT coalesce(max(sequence), 0) FROM journal_entry'],
  sampledAt: ['size_refresh', 'SELECT coalesce(max(at), 0) FROM size_refresh'],
  tariffs: ['tariff', 'SELECT count(*) FROM tariff'],
  acceptedGaps: ['accepted_gap', 'SELECT coalesce(max(id), 0) FROM accepted_gap'],
  issuedStatements: ['issued_statement', 'SELECT coalesce(max(place), 0) FROM issued_statement'],
} as const satisfies Partial<Record<keyof ArchiveCounts, readonly [table: string, sql: string]>>;

type Figure = keyof typeof figures;

/**
 * Reads what a database holds; figures of tables that an older format does not have are 0.
 * @param known counts of before: objects are numbered without a gap and never deleted, so that only
 *   those added since are counted
 */
export function readCounts(database: DatabaseSync, known?: ArchiveCounts): ArchiveRecord {
  const tables = new Set(
    database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .all()
      .map(({ name }) => String(name)),
  );
  const names = Object.keys(figures) as Figure[];
  const columns = names.map((name) => {
    const [table, counted] = figures[name];
    const sql =
      known && name === 'objects'
        ? `SELECT coalesce(max(id), 0) + ${known.objects - known.lastObject} FROM usage_object`
        : counted;
    return `${tables.has(table) ? `(${sql})` : 0} AS ${name}`;
  });
  const row = database.prepare(`SELECT ${columns.join(', ')}`).get();
  const counts = Object.fromEntries(names.map((name) => [name, Number(row?.[name])]));
  const last = tables.has('journal_entry')
    ? database.prepare('SELECT hash FROM journal_entry ORDER BY sequence DESC LIMIT 1').get()
    : undefined;
  const schema = Number(database.prepare('PRAGMA schema_version').get()?.schema_version);
  return {
    ...(counts as Record<Figure, number>),
    hash: last ? String(last.hash) : '',
    schema,
  };
}

/** Reads the record next to an archive; null where there is none that can be read. */
export function readRecord(archivePath: string): ArchiveRecord | null {
  try {
    const value = JSON.parse(
      readFileSync(archiveRecordPath(archivePath), 'utf8'),
    ) as Partial<ArchiveRecord>;
    if (typeof value.hash !== 'string' || !Number.isSafeInteger(value.objects)) return null;
    const names = [...Object.keys(figures), 'schema'] as (Figure | 'schema')[];
    // An older console did not know every figure.
    const known = names.map((name) => [name, Number.isSafeInteger(value[name]) ? value[name] : 0]);
    return { ...Object.fromEntries(known), hash: value.hash } as ArchiveRecord;
  } catch {
    return null;
  }
}

/**
 * Replaces the record as a whole.
 * @param durable waits for the disk: at a checkpoint, not with every write
 */
export function writeRecord(archivePath: string, record: ArchiveRecord, durable = false): void {
  const path = archiveRecordPath(archivePath);
  const temporary = `${path}.${process.pid}.tmp`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeSync(file, `${JSON.stringify(record)}\n`);
    if (durable) fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}

const lossWords: readonly (readonly [
  keyof ArchiveCounts,
  (record: ArchiveRecord, counts: ArchiveRecord) => string,
])[] = [
  ['objects', (record, counts) => lacks(record.objects, counts.objects, 'statistics object')],
  ['lastObject', (record) => `statistics object number ${record.lastObject}`],
  ['entries', (record, counts) => lacks(record.entries, counts.entries, 'journal entry')],
  ['variants', (record, counts) => lacks(record.variants, counts.variants, 'conflicting content')],
  ['sampledAt', (record) => `sizes sampled at ${new Date(record.sampledAt).toISOString()}`],
  ['tariffs', (record, counts) => lacks(record.tariffs, counts.tariffs, 'tariff version')],
  ['acceptedGaps', (record, counts) => lacks(record.acceptedGaps, counts.acceptedGaps, 'decision')],
  [
    'issuedStatements',
    (record, counts) => lacks(record.issuedStatements, counts.issuedStatements, 'issued statement'),
  ],
];

/** Names what a record has and a database lacks; empty if nothing. */
export function shortfallOf(record: ArchiveRecord, counts: ArchiveRecord): string[] {
  const short = lossWords.filter(([name]) => record[name] > counts[name]);
  const names = short.map(([name]) => name);
  // A count says what a last number says, in better words.
  const described = short.filter(([name]) => name !== 'lastObject' || !names.includes('objects'));
  return described.map(([, words]) => words(record, counts));
}

function lacks(recorded: number, found: number, noun: string): string {
  const missing = recorded - found;
  return `${formatCount(missing)} of ${formatCounted(recorded, noun)}`;
}

/**
 * Keeps the record next to an archive in step with its database. A record is written after what it
 * tells of is on the disk, so that it never promises too much.
 */
export class RecordKeeper {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #quick;
  #mark = '';
  /** Whether the last write survives a power cut. */
  #isDurable = false;
  #counts: ArchiveRecord | undefined;

  constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    this.#path = path;
    const { objects: _counted, ...quick } = figures;
    const columns = Object.values(quick).map(([, sql]) => `(${sql})`);
    this.#quick = database.prepare(
      `SELECT ${columns.join(` || ' ' || `)} || ' ' || (SELECT hash FROM journal_head) AS mark`,
    );
  }

  /** Writes the record where the database has grown since. */
  keep(): void {
    const mark = String(this.#quick.get()?.mark);
    if (mark === this.#mark) return;
    this.#write(false);
    this.#mark = mark;
  }

  keepDurably(): void {
    this.#write(true);
  }

  #write(durable: boolean): void {
    if (this.#database.location() === null) return; // In memory: nothing is next to it.
    const counts = readCounts(this.#database, durable ? undefined : this.#counts);
    this.#counts = counts;
    // Next to a headless command an idle console would write the same again and again.
    const isSafe = this.#isDurable || !durable;
    if (isSafe && isDeepStrictEqual(readRecord(this.#path), counts)) return;
    writeRecord(this.#path, counts, durable);
    this.#isDurable = durable;
  }
}
