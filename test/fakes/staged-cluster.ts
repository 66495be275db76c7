import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import {
  type CustomerFacts,
  type Evaluation,
  evaluate,
  noFacts,
} from '#core/attention/evaluate.ts';
import { noMemory, type SignalMemory } from '#core/attention/kept.ts';
import type { SignalKind } from '#core/attention/signal.ts';
import type { GatewayLimits, GatewayUserDetail } from '#core/gateway/model/gateway.ts';
import { type Archive, openArchive } from '#core/store/archive/archive.ts';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import type { Snapshot } from '#core/store/snapshot/snapshot.ts';
import type { TargetValue } from '#core/store/snapshot/writes/save-values.ts';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { signalThresholds } from '#shared/contract/signals.ts';
import { day, hour } from '#shared/durations.ts';
import { feedOf, listedBucket, listedUser } from './gateway-lists.ts';
import { labConnection, OneCluster } from './one-cluster.ts';
import { fetchedObject, type StatisticsEntry } from './statistics-object.ts';

const gigabyte = 1e9;
const service = '8000000000000065';

/** Ids of the users: Anna stores and downloads a little each hour, Ben stores, Carl is disabled. */
export const anna = 'aa00000000000001';
export const ben = 'aa00000000000002';
export const carl = 'aa00000000000003';
const emails: Partial<Record<string, string>> = {
  [anna]: 'anna@example.com',
  [ben]: 'ben@example.com',
  [carl]: 'carl@example.com',
};

type Bytes = Partial<Record<string, number>>;
const usual: Bytes = { [anna]: 100 * gigabyte, [ben]: 10 * gigabyte, [carl]: gigabyte };

interface Facts {
  status?: Partial<CallOutput<'sync.status'>>;
  seen?: Evaluation['seen'];
  customers?: Partial<CustomerFacts>;
  runningRuns?: string[];
  thresholds?: Partial<CallInput<'signals.setThresholds'>>;
  /** What the look before left. */
  memory?: SignalMemory;
}

/**
 * A cluster as 35 days of a console leave it, all well: three users, hourly statistics of one gateway,
 * daily sizes, a backup. What a test adds is the cause of one signal.
 */
export class StagedCluster {
  readonly now = Math.floor(Date.now() / hour) * hour;
  readonly #directory: string;
  readonly archive: Archive;
  readonly snapshot: Snapshot;

  private constructor(directory: string, archive: Archive, snapshot: Snapshot) {
    this.#directory = directory;
    this.archive = archive;
    this.snapshot = snapshot;
  }

  /** @param base from {@link StagedCluster.base} */
  static async open(base?: string): Promise<StagedCluster> {
    const directory = mkdtempSync(join(tmpdir(), 'ostor-staged-'));
    if (base !== undefined) cpSync(base, directory, { recursive: true });
    const archive = await openArchive(directory);
    return new StagedCluster(directory, archive, await openSnapshot(directory));
  }

  /** Makes the sound cluster once; every test begins with a copy of its directory. */
  static async base(): Promise<{ path: string; remove(): void }> {
    const staged = await StagedCluster.open();
    await staged.refresh();
    for (let days = 35; days >= 0; days -= 1) await staged.sizes(usual, days * day + hour);
    await staged.traffic(35 * 24, 2, [{ bucket: 'logs', userId: anna, get: 100, downloaded: 4e7 }]);
    await staged.collected(1);
    await staged.archive.write('backUp', { reason: 'demand' });
    const path = staged.#directory;
    await staged.archive.close();
    await staged.snapshot.close();
    return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
  }

  /** A refresh with these sizes. */
  async refresh(bytes: Bytes = usual, disabled: readonly string[] = [carl]): Promise<void> {
    const users = [anna, ben, carl].map((id) =>
      listedUser(id, emails[id] ?? '', { State: disabled.includes(id) ? 'disabled' : 'enabled' }),
    );
    const buckets = [
      listedBucket('logs', { owner_id: anna, current: bytes[anna] ?? 0 }),
      listedBucket('backup', { owner_id: ben, current: bytes[ben] ?? 0 }),
      listedBucket('photos', { owner_id: carl, current: bytes[carl] ?? 0 }),
    ];
    await this.snapshot.refresh(feedOf(users, buckets));
  }

  /** What was stored some time ago, or is now. */
  async sizes(bytes: Bytes, before = 0): Promise<void> {
    const users = [anna, ben, carl].map((userId) => ({
      ...{ userId, email: emails[userId] ?? '', buckets: 1 },
      bytes: BigInt(bytes[userId] ?? 0),
    }));
    const at = this.now - before;
    await this.archive.write('recordSizes', { at, users, buckets: [], last: true });
  }

  /**
   * Statistics of every hour from `fromHours` ago to before `toHours` ago, of one gateway.
   * @param of another gateway than the usual one
   */
  async traffic(
    fromHours: number,
    toHours: number,
    entries: readonly StatisticsEntry[],
    of = service,
  ): Promise<void> {
    const objects = Array.from({ length: fromHours - toHours }, (_, index) => {
      const start = (this.now - (fromHours - index) * hour) / 1000;
      return fetchedObject(of, start, 3600, entries);
    });
    // read so late that nothing of it can grow
    await this.archive.write('ingestObjects', { objects, now: this.now + day });
  }

  /** The list of statistics objects was last read some hours ago. */
  async collected(hoursAgo: number): Promise<void> {
    const listedAt = this.now - hoursAgo * hour;
    await this.archive.write('recordListing', { listedAt, complete: true, objects: [] });
  }

  /** @param sizeGb null: the gateway has none for it */
  async quota(
    kind: 'user' | 'bucket' | 'default',
    id: string,
    sizeGb: number | null,
  ): Promise<void> {
    const quota = sizeGb === null ? null : { sizeGb: BigInt(sizeGb), type: '0' };
    await this.#save({ part: 'quotas', target: { kind, id }, quota, readAt: this.now });
  }

  async limits(
    id: string,
    rates: Partial<GatewayLimits & object>,
    kind: 'user' | 'bucket' = 'user',
  ): Promise<void> {
    const none = { opsDefault: '0', opsGet: '0', opsPut: '0', opsList: '0', opsDelete: '0' };
    const limits = { ...none, bandwidthOut: '0', ...rates };
    await this.#save({ part: 'limits', target: { kind, id }, limits, readAt: this.now });
  }

  /** The keys of a user, or of an account, as they were seen some days ago. */
  async keys(
    userId: string,
    accessKeyIds: string[],
    daysAgo: number,
    account?: string,
  ): Promise<void> {
    const user: GatewayUserDetail = {
      userId,
      email: emails[userId] ?? '',
      state: 'enabled',
      ownerId: '',
      flags: [],
      accessKeyIds: account === undefined ? accessKeyIds : [],
      accounts: account === undefined ? [] : [{ name: account, accessKeyIds }],
    };
    await this.#save({ part: 'keys', user, readAt: this.now - daysAgo * day });
  }

  /** A write on record, or more of them; without a result it is still open. */
  async journal(
    operation: string,
    at: number,
    result?: 'verified' | 'sent' | 'done',
    times = 1,
    userId = carl,
  ): Promise<void> {
    const bodies = Array.from({ length: times }, () =>
      this.#entries(operation, at, result, userId),
    ).flat();
    await this.archive.write('appendJournal', { bodies, steps: [] } as never);
  }

  #entries(operation: string, at: number, result: string | undefined, id: string): unknown[] {
    const journalId = randomUUID();
    const intent = {
      ...{ journalId, kind: 'intent', at, operator: 'olga', connectionId: 'lab' },
      ...{ connectionName: 'Lab', endpoint: 'https://s3.example.com', operation },
      ...{ title: 'Change', target: { kind: 'user', id, name: emails[id] ?? '' } },
      ...{ before: {}, after: {}, input: {}, ticket: null, runId: null },
    } as const;
    const outcome = result && {
      ...{ journalId, kind: 'outcome', at, result, requestId: null, error: null },
    };
    return [intent, ...(outcome ? [outcome] : [])];
  }

  /** A bulk run of one row, Anna's quota, which ended, or was started, some days ago. */
  async run(
    runId: string,
    state: 'running' | 'stopped' | 'finished',
    rowState: 'failed' | 'sent' | 'verified',
    endedDaysAgo = 0,
  ): Promise<void> {
    const endedAt = state === 'running' ? null : this.now - endedDaysAgo * day;
    // what began a moment ago may still run
    const createdAt = endedAt === null ? this.now - endedDaysAgo * day - hour : endedAt - 20 * day;
    const run = {
      ...{ runId, createdAt, createdBy: 'olga', endedAt, title: 'Quotas' },
      ...{ state, source: 'gateway', destructive: false, impact: null, warnings: '[]' },
      ...{ reverses: null, ticket: null, mergedAt: null },
    } as never;
    const row = {
      ...{ row: 1, line: null, operation: 'quotas.set', input: '{}', targetKind: 'user' },
      ...{ targetId: anna, targetName: 'anna', before: '{}', after: '{}', beforeKnown: true },
      ...{ writes: 1, readings: 1, state: rowState, attempts: 1 },
      ...{ error: null, journalId: null, requestId: null },
    } as never;
    await this.archive.write('createRun', { run, rows: [row] });
  }

  /** What is found now. */
  evaluate(looked: Facts = {}): Promise<Evaluation> {
    const { status, seen, customers, runningRuns, thresholds, memory = noMemory } = looked;
    const connection = labConnection({ endpoint: 'https://s3.example.com', accessKeyId: 'aa01' });
    const gateway = null as never;
    const parts = { connection, directory: this.#directory, snapshot: this.snapshot, gateway };
    const sources = {
      clusters: new OneCluster(parts),
      archiveOf: async () => this.archive,
      sync: {
        status: async () => {
          const asOf = (await this.snapshot.ask('summary'))?.asOf ?? null;
          return { state: 'online', asOf, users: 3, buckets: 3, ...status } as const;
        },
        seen: async () => seen ?? {},
      },
      tasks: {
        list: () => (runningRuns ?? []).map((about) => ({ about, endedAt: null })) as never,
      },
    };
    const facts = { ...noFacts, ...customers };
    // a machine whose disk is full is no finding of these tests
    const all = signalThresholds.parse({ freePercent: 1, ...thresholds });
    return evaluate(sources as never, 'lab', all, facts, memory);
  }

  /** Findings of one kind. */
  async find(kind: SignalKind, facts: Facts = {}): Promise<Evaluation['found']> {
    const { found, incomplete } = await this.evaluate(facts);
    if (incomplete.length > 0) throw new Error(incomplete.join(' '));
    return found.filter((one) => one.kind === kind);
  }

  async end(): Promise<void> {
    await this.archive.close();
    await this.snapshot.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #save(value: TargetValue): Promise<void> {
    await this.snapshot.change('save', [value]);
  }
}

/** Stages the sound cluster for each test of a suite. */
export function stageForEach(use: (staged: StagedCluster) => void): void {
  let base: Awaited<ReturnType<typeof StagedCluster.base>>;
  let staged: StagedCluster;
  beforeAll(async () => {
    base = await StagedCluster.base();
  });
  afterAll(() => base.remove());
  beforeEach(async () => {
    staged = await StagedCluster.open(base.path);
    use(staged);
  });
  afterEach(() => staged.end());
}
