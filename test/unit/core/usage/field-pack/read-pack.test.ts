import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { writePlan } from '#core/changes/plans/plan-file.ts';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import { withPack } from '#core/usage/field-pack/read-pack.ts';
import { feedOf, listedBucket, listedUser } from '#test/fakes/gateway-lists.ts';

type Files = Record<string, Buffer | string>;

let folder: string;
/** The console's data directory: what is there after a pack was refused was written before it was accepted. */
let dataDir: string;
let good: Files;

const plan = writePlan({
  ...{ name: 'Night', note: null, createdAt: '2026-11-26T20:00:00.000Z', createdBy: 'anna' },
  ...{ endpoint: 'https://10.0.0.7', connectionName: 'Rack 7', snapshotAsOf: null, reverses: null },
  changes: [
    {
      operation: 'quotas.set',
      input: { target: { user: 'aa' }, sizeGb: '5' },
      target: { kind: 'user', id: 'aa', name: 'anna@example.com' },
      ...{ before: null, after: { quota: '5' } },
    },
  ],
});

const cluster = {
  ...{ format: 'ostor-console-cluster', version: 1, plans: ['plans/1.ostorplan'] },
  connection: {
    ...{ name: 'Rack 7', endpoint: 'https://10.0.0.7', accessKeyId: 'aa01', environment: 'lab' },
  },
  origin: { operator: 'anna', computer: 'desk-7', packedAt: '2026-11-26T21:00:00.000Z' },
};

async function zipOf(files: Files): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  return buffer(zip.outputStream);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ostor-pack-'));
  dataDir = mkdtempSync(join(tmpdir(), 'ostor-pack-data-'));
  const snapshot = await openSnapshot(folder);
  const users = [listedUser('aa', 'anna@example.com'), listedUser('bb', 'bela@example.com')];
  await snapshot.refresh(feedOf(users, [listedBucket('logs', { owner_id: 'aa' })]));
  await snapshot.change('saveFigures', {
    of: 'customers',
    rows: [{ userId: 'aa', customers: [{ customerId: 'c1', name: 'Example Ltd' }], plan: null }],
    facts: {},
  });
  const copy = join(folder, 'copy.sqlite');
  await snapshot.change('copyInto', copy);
  await snapshot.close();
  good = {
    'cluster.json': JSON.stringify(cluster),
    'plans/1.ostorplan': plan,
    'seen/snapshot.sqlite': readFileSync(copy),
  };
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

  const replaced: [what: string, files: () => Files, message: RegExp][] = [
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
      () => ({ ...good, 'plans/1.ostorplan': plan.replace('"5"', '"9"') }),
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
  const except = (name: string): Files =>
    Object.fromEntries(Object.entries(good).filter(([other]) => other !== name));
  const manifest = (fields: object): Files => ({
    ...good,
    'cluster.json': JSON.stringify({ ...cluster, ...fields }),
  });
  const seen = (snapshot: Buffer): Files => ({ ...good, 'seen/snapshot.sqlite': snapshot });

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
