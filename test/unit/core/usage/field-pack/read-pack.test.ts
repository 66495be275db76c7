import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withPack } from '#core/usage/field-pack/read-pack.ts';
import { type PackedFiles, packedCluster, zipOf } from '#test/fakes/packed-cluster.ts';

let folder: string;
/** The console's data directory: what is there after a pack was refused was written before it was accepted. */
let dataDir: string;
let good: PackedFiles;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ostor-pack-'));
  dataDir = mkdtempSync(join(tmpdir(), 'ostor-pack-data-'));
  good = await packedCluster(folder);
});
afterAll(() => {
  for (const path of [folder, dataDir]) rmSync(path, { recursive: true, force: true });
});

const open = (zip: Buffer) =>
  withPack(dataDir, zip.toString('base64'), async ({ seen, plans, connection }) => {
    return { seen, plans: plans.length, name: connection.name, files: readdirSync(dataDir) };
  });

/** The snapshot as somebody else would send it. */
function altered(...statements: string[]): Buffer {
  const path = join(folder, 'altered.sqlite');
  rmSync(path, { force: true });
  const database = new DatabaseSync(join(folder, 'copy.sqlite'));
  database.prepare('VACUUM INTO ?').run(path);
  database.close();
  const other = new DatabaseSync(path, { defensive: false });
  for (const statement of statements) other.exec(statement);
  other.close();
  return readFileSync(path);
}

describe('a field pack', () => {
  it('is unpacked into one folder, which is gone in the end; customers are not in it', async () => {
    const opened = await open(await zipOf(good));
    expect(opened).toMatchObject({
      ...{ plans: 1, name: 'Rack 7' },
      seen: { users: 2, buckets: 1, userIds: ['aa', 'bb'] },
      files: [expect.stringMatching(/^opening-/)],
    });
    expect(readdirSync(dataDir)).toEqual([]);
    expect(good['seen/snapshot.sqlite']?.includes('Example Ltd')).toBe(false);
  });

  const replaced: [what: string, files: () => PackedFiles, message: RegExp][] = [
    ['without a cluster', () => ({ 'README.txt': 'Hello' }), /holds nothing that was seen/],
    ['without its snapshot', () => ({ ...good, 'seen/snapshot.sqlite': '' }), /not written by/],
    ['without a plan it names', () => except('plans/1.ostorplan'), /has no plans\/1/],
    [
      'with a manifest that is no JSON',
      () => ({ ...good, 'cluster.json': '{' }),
      /not as a console/,
    ],
    ['with deep JSON', () => ({ ...good, 'cluster.json': '['.repeat(20_000) }), /not as a console/],
    ['of a newer console', () => manifest({ version: 2 }), /made by a newer console/],
    ['that names a file outside', () => manifest({ plans: ['../../x.ostorplan'] }), /not as a/],
    ['without an address', () => manifest({ connection: { name: 'x' } }), /connection\.endpoint/],
    [
      'with a damaged plan',
      () => ({
        ...good,
        'plans/1.ostorplan': String(good['plans/1.ostorplan']).replace('"5"', '"9"'),
      }),
      /checksum/,
    ],
    ['with another database', () => seen(otherDatabase()), /not written by/],
    ['with text for a snapshot', () => seen(Buffer.alloc(5000, 'x')), /not written by/],
    [
      'with a trigger',
      () => seen(altered('CREATE TRIGGER t AFTER DELETE ON user BEGIN SELECT 1; END')),
      /not written by/,
    ],
    ['with a view', () => seen(altered('CREATE VIEW v AS SELECT 1')), /not written by/],
    ['with a table more', () => seen(altered('CREATE TABLE more (a)')), /not written by/],
    ['with an index less', () => seen(altered('DROP INDEX user_by_search')), /not written by/],
    ['with a log', () => seen(altered('PRAGMA journal_mode = WAL')), /not written by/],
    [
      'with a newer snapshot',
      () => seen(altered('PRAGMA user_version = 99')),
      /newer console \(format 99/,
    ],
    ['cut short', () => seen(altered().subarray(0, 8192)), /damaged/],
    [
      'with figures that are none',
      () => seen(altered("UPDATE meta SET value = 'x' WHERE key = 'asOf'")),
      /damaged/,
    ],
    [
      'with rows no list has',
      () => seen(altered(`UPDATE user SET state = x'00ff', bucket_count = 1e300`)),
      /damaged/,
    ],
    ['with pages overwritten', () => seen(scrambled()), /damaged/],
  ];
  const except = (name: string): PackedFiles =>
    Object.fromEntries(Object.entries(good).filter(([other]) => other !== name));
  const manifest = (fields: object): PackedFiles => ({
    ...good,
    'cluster.json': JSON.stringify({ ...JSON.parse(String(good['cluster.json'])), ...fields }),
  });
  const seen = (snapshot: Buffer): PackedFiles => ({ ...good, 'seen/snapshot.sqlite': snapshot });

  it.each(replaced)(
    '%s is refused with a code, and nothing is kept',
    async (_what, files, message) => {
      const opening = open(await zipOf(files()));
      await expect(opening).rejects.toMatchObject({
        code: expect.stringMatching(/^(FILE|PLAN)_INVALID$/),
        message: expect.stringMatching(message),
      });
      expect(readdirSync(dataDir)).toEqual([]);
    },
  );

  it('takes away what ended consoles left unpacked, whatever its age, and nothing of one at work', async () => {
    const left = [99_999_999, process.pid].map((processId) => openingOf(processId));
    const other = openingOf(process.ppid);
    for (const name of [...left, other]) mkdirSync(join(dataDir, name));
    const { files } = await open(await zipOf(good));
    expect(files).toContain(other);
    expect(files).not.toEqual(expect.arrayContaining([left[0]]));
    expect(files).not.toEqual(expect.arrayContaining([left[1]]));
    expect(readdirSync(dataDir)).toEqual([other]);
    rmSync(join(dataDir, other), { recursive: true });
  });

  it('takes the snapshot of an earlier console, brought to today’s shape', async () => {
    const { migrate } = await import('#core/store/sqlite/database.ts');
    const { snapshotMigrations } = await import('#core/store/snapshot/migrations/index.ts');
    const path = join(folder, 'earlier.sqlite');
    const database = new DatabaseSync(path);
    migrate(database, snapshotMigrations, 4);
    database.exec(
      "INSERT INTO meta VALUES ('asOf', '1760000000000'), ('users', '0'), ('buckets', '0')",
    );
    database.close();
    const opened = await open(await zipOf(seen(readFileSync(path))));
    expect(opened.seen).toMatchObject({ users: 0, asOf: '2025-10-09T08:53:20.000Z' });
  });
});

const openingOf = (processId: number): string => `opening-${processId}-${randomUUID()}`;

function otherDatabase(): Buffer {
  const path = join(folder, 'other.sqlite');
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE IF NOT EXISTS user (id INTEGER); PRAGMA user_version = 5');
  database.close();
  return readFileSync(path);
}

function scrambled(): Buffer {
  const bytes = altered();
  return bytes.fill(0xa5, bytes.length - 3 * 8192, bytes.length - 8192);
}
