import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConnectionStore } from '#core/clusters/connections/connection-store.ts';
import { EventBus } from '#core/platform/events.ts';
import { NoticeBoard } from '#core/platform/notice-board.ts';
import { openFieldPack, readFieldPack } from '#core/usage/field-pack/open-pack.ts';
import { packedCluster, zipOf } from '#test/fakes/packed-cluster.ts';
import { storedConnection } from '#test/fakes/stored-connection.ts';

type Dependencies = Parameters<typeof openFieldPack>[0];

let [folder, dataDir] = ['', ''];
let store: ConnectionStore;
let steps: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ostor-open-pack-'));
  dataDir = mkdtempSync(join(tmpdir(), 'ostor-open-pack-data-'));
  const events = new EventBus();
  store = await ConnectionStore.open(join(dataDir, 'connections.json'), new NoticeBoard(events));
  steps = [];
});
afterEach(() => {
  for (const path of [folder, dataDir]) rmSync(path, { recursive: true, force: true });
});

/** A console of which only what opening a pack rests on is there. */
function console_(known: { asOf: string } | null = null): Dependencies {
  const ask = async (question: string) =>
    question === 'summary' ? { ...known, users: 0, buckets: 0 } : true;
  const events = new EventBus();
  events.subscribe(({ name }) => void steps.push(name));
  return {
    ...{ policy: null, dataDir, store, events, credentials: {} },
    connections: { list: async () => (known ? [storedConnection({ endpoint })] : []) },
    clusters: {
      get: async (id: string) => ({
        connection: storedConnection({ id }),
        snapshot: async () => ({ ask }),
      }),
    },
    planDesk: {
      take: async () => {
        steps.push('plans');
        throw new Error('The disk is full.');
      },
    },
    journal: {
      note: async (_entry: unknown, act?: () => Promise<void>) => {
        steps.push('on record');
        await act?.();
      },
    },
  } as unknown as Dependencies;
}

const endpoint = 'https://10.0.0.7';

/** A pack as Base64; `asOf` in milliseconds where its data is not of now. */
async function pack(asOf?: number): Promise<string> {
  const files = await packedCluster(folder);
  if (asOf === undefined) return (await zipOf(files)).toString('base64');
  const path = join(folder, 'other-time.sqlite');
  writeFileSync(path, files['seen/snapshot.sqlite'] ?? '');
  const database = new DatabaseSync(path);
  database.prepare("UPDATE meta SET value = ? WHERE key = 'asOf'").run(String(asOf));
  database.close();
  const zip = await zipOf({ ...files, 'seen/snapshot.sqlite': readFileSync(path) });
  return zip.toString('base64');
}

describe('opening a field pack', () => {
  it('is on record before anything is taken, and the interface is informed whatever fails after', async () => {
    const opening = openFieldPack(console_(), { contentBase64: await pack() });
    await expect(opening).rejects.toThrow('The disk is full.');
    expect(steps).toEqual(['on record', 'plans', 'connections.changed', 'data.changed']);
    const [{ id } = { id: '' }] = store.list();
    expect(readdirSync(join(dataDir, 'connections', id)).sort()).toEqual([
      ...['connection.json', 'snapshot.sqlite', 'sync-state.json'],
    ]);
  });

  it('takes away a cluster that an ended console began to add, and nothing else', async () => {
    const folders = ['half-added', 'with-archive', 'of-another'];
    for (const name of folders) {
      mkdirSync(join(dataDir, 'connections', name), { recursive: true });
      writeFileSync(join(dataDir, 'connections', name, 'snapshot.sqlite'), '');
    }
    const mark = 'opening-99999999-00000000-0000-4000-8000-000000000000';
    for (const name of ['half-added', 'with-archive']) {
      writeFileSync(join(dataDir, 'connections', name, mark), '');
    }
    writeFileSync(join(dataDir, 'connections', 'with-archive', 'archive.sqlite'), '');
    await openFieldPack(console_(), { contentBase64: await pack() }).catch(() => undefined);
    const left = folders.filter((name) => existsSync(join(dataDir, 'connections', name)));
    expect(left).toEqual(['with-archive', 'of-another']);
  });

  it.each([
    ['later', '2026-01-01T00:00:00.000Z', undefined, true],
    ['earlier', '2026-01-01T00:00:00.000Z', Date.UTC(2025, 11, 31), false],
    ['one of a time still to come', '2026-01-01T00:00:00.000Z', Date.UTC(2999, 0), false],
    ['where that here is of a time still to come', '2999-01-01T00:00:00.000Z', undefined, true],
  ])('takes what was seen: %s', async (_what, here, asOf, takesSeen) => {
    const summary = await readFieldPack(console_({ asOf: here }), await pack(asOf));
    expect(summary.sameAs).toMatchObject({ takesSeen });
  });
});
