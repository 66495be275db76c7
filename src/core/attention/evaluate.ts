import { statfs } from 'node:fs/promises';
import { formatCount } from '#shared/counted.ts';
import type { CoverageState } from '#shared/coverage-states.ts';
import { day, hour } from '#shared/durations.ts';
import { toAppError } from '#shared/errors.ts';
import type { Clusters } from '../clusters/clusters.ts';
import type { SyncService } from '../clusters/refresh/sync-service.ts';
import type { TaskRegistry } from '../platform/tasks/task-registry.ts';
import type { Archive } from '../store/archive/archive.ts';
import { listBackups } from '../store/archive/file/backups.ts';
import type { ArchiveReaders } from '../store/archive/methods.ts';
import type { ServiceCoverage } from '../store/archive/objects/coverage.ts';
import type { NamedValues, RowsQuery, SelectedRow } from '../store/sqlite/select-rows.ts';
import type { Ask } from '../store/sqlite/worker.ts';
import { clusterSignals } from './cluster-signals.ts';
import { journalSignals } from './journal-signals.ts';
import { noMemory, type SignalMemory } from './kept.ts';
import { raiseSignals } from './raise-signals.ts';
import { recentTables } from './recent-tables.ts';
import { serviceSignals } from './service-signals.ts';
import {
  type Finding,
  mostOfKind,
  type ServiceHours,
  type SignalDefinition,
  type SignalGround,
  type SignalKind,
  type Thresholds,
  type Unread,
} from './signal.ts';
import { nearQuotas, storeSignals } from './store-signals.ts';
import { usageSignals } from './usage-signals.ts';

/** Every signal. Adding one is one entry in one of these lists. */
export const signalTable: readonly SignalDefinition[] = [
  ...clusterSignals,
  ...journalSignals,
  ...storeSignals,
  ...usageSignals.map((signal) => ({ ...signal, needs: 'statistics' as const })),
  ...raiseSignals,
  ...serviceSignals,
];

export interface EvaluationSources {
  clusters: Clusters;
  archiveOf(connectionId: string): Promise<Archive>;
  sync: Pick<SyncService, 'status' | 'seen'>;
  tasks: Pick<TaskRegistry, 'list'>;
}

/** Facts of customers and plans about this cluster. */
export type CustomerFacts = Pick<
  SignalGround,
  'drift' | 'unpaid' | 'raises' | 'stopped' | 'cancellations'
> & {
  /** Omitted: all was read. */
  unread?: Unread;
};

/** The facts of a cluster that no customer and no plan is about. */
export const noFacts: CustomerFacts = {
  ...{ drift: [], unpaid: null, raises: [], cancellations: [] },
  stopped: { enabled: 0, disabled: 0, bytes: 0 },
};

type FoundSignal = Finding & { kind: SignalKind; title: string };

/** Figures of a cluster that its row on the morning page shows. Bytes exact, as text. */
interface ClusterFigures {
  bytes: string | null;
  growthBytes: string | null;
  uploaded: string;
  downloaded: string;
  coverage: { covered: number; expected: number; missing: number };
  listedAt: number | null;
}

export interface Evaluation {
  at: number;
  found: FoundSignal[];
  /** Why some signals are unknown. */
  incomplete: string[];
  /** Kinds that could not be computed. */
  failed: SignalKind[];
  status: SignalGround['status'];
  seen: SignalGround['seen'];
  figures: ClusterFigures;
  /** What the next evaluation needs. */
  memory: SignalMemory;
}

const weekHours = 7 * 24;

/** Evaluates a cluster from stored data; its gateway is not asked. */
export async function evaluate(
  sources: EvaluationSources,
  connectionId: string,
  thresholds: Thresholds,
  { unread, ...customers }: CustomerFacts,
  memory: SignalMemory = noMemory,
): Promise<Evaluation> {
  const { clusters, sync, tasks } = sources;
  const cluster = await clusters.get(connectionId);
  const snapshot = await cluster.snapshot();
  const status = await sync.status(connectionId);
  const seen = await sync.seen(connectionId);
  const directory = await clusters.directory(connectionId);
  const now = Date.now();
  const values = { ...thresholds, now };
  const running = tasks.list(connectionId).filter(({ endedAt }) => endedAt === null);
  const archive = await sources.archiveOf(connectionId);
  const ofSnapshot = once((query) => snapshot.ask('selectRows', query));
  // it takes longest, and can be read while the archive's thread starts
  ofSnapshot({ sql: nearQuotas, values }).catch(() => undefined);
  return archive.onOwnThread(async (read) => {
    const figures = await readFigures(read, now);
    const recent = prepareRecent(read, now);
    recent.catch(() => undefined); // each signal that needs it says so
    const next = { ...memory };
    const ground: Ground = {
      ...{ connectionId, name: cluster.connection.name, now, thresholds, status, seen, memory },
      ...customers,
      ...{ services: figures.services, listedAt: figures.listedAt },
      ...{ firstSampleAt: figures.firstSampleAt, firstEntryAt: figures.firstEntryAt },
      remember: (part) => void Object.assign(next, part),
      bytes: Number(figures.bytes ?? 0),
      backedUpAt: newestBackup(directory),
      runningRuns: running.flatMap(({ about }) => (about === undefined ? [] : [about])),
      disk: await readDisk(directory),
      snapshot: (sql, own = {}) => ofSnapshot({ sql, values: { ...values, ...own } }),
      archive: async (sql, own = {}) =>
        read('selectRows', { sql, values: { ...values, ...(await recent), ...own } }),
      busiest: (of, limited) => read('busiestHours', { of, limited, now, days: 1 }),
    };
    const collects = running.some(({ kind }) => kind === 'usage.collect');
    const lacks = {
      ...{ customers: false, plans: false, ...unread },
      statistics: unread?.statistics === true || (collects && figures.listedAt === null),
    };
    const { found, incomplete, failed } = await findAll(ground, lacks);
    if (status.asOf === null) incomplete.unshift(listsToCome);
    return { at: now, found, incomplete, failed, status, seen, figures, memory: next };
  });
}

type Ground = Omit<SignalGround, 'omit'>;

/** Asks the same question only once. */
function once(
  ask: (query: RowsQuery) => Promise<SelectedRow[]>,
): (query: RowsQuery) => Promise<SelectedRow[]> {
  const answers = new Map<string, Promise<SelectedRow[]>>();
  return (query) => {
    const name = JSON.stringify(query);
    const answer = answers.get(name) ?? ask(query);
    answers.set(name, answer);
    return answer;
  };
}

/** Asks for all at once: snapshot and archive answer in separate threads. */
async function findAll(
  ground: Ground,
  lacks: Unread,
): Promise<Pick<Evaluation, 'found' | 'incomplete' | 'failed'>> {
  const looks = await Promise.all(signalTable.map((signal) => findKind(signal, ground, lacks)));
  return {
    found: looks.flatMap(({ found }) => found),
    incomplete: [...new Set(looks.flatMap(({ incomplete }) => incomplete))],
    failed: looks.flatMap(({ failed }) => failed),
  };
}

const listsToCome = 'Users and buckets were not read yet: signals about them follow.';
const customersToCome = 'Customers were not read yet: signals about them follow.';
const toCome: Record<keyof Unread, string> = {
  customers: customersToCome,
  plans: customersToCome,
  statistics: 'Statistics are still being read: signals about them follow.',
};

async function findKind(
  { kind, title, needs, find }: SignalDefinition,
  ground: Ground,
  lacks: Unread,
) {
  if (needs && lacks[needs]) return { found: [], incomplete: [toCome[needs]], failed: [kind] };
  const incomplete: string[] = [];
  const omit = (reason: string): void => void incomplete.push(`${title}: ${reason}`);
  try {
    const findings = await find({ ...ground, omit });
    if (findings.length >= mostOfKind) {
      omit(`${formatCount(mostOfKind)} or more; not all are listed.`);
    }
    const found = findings.map((finding): FoundSignal => ({ ...finding, kind, title }));
    return { found, incomplete, failed: [] };
  } catch (thrown) {
    omit(toAppError(thrown).message);
    return { found: [], incomplete, failed: [kind] };
  }
}

type Read = Ask<ArchiveReaders>;

/** Makes the tables that usage signals read. Their last day ends with the newest hour of the archive. */
async function prepareRecent(read: Read, now: number): Promise<NamedValues> {
  const [range] = await read('selectRows', {
    sql: 'SELECT min(hour) AS first, max(hour) AS last FROM usage_total',
    values: {},
  });
  const [first, last] = [Number(range?.first ?? 0), Number(range?.last ?? 0)];
  // statistics from long ago say nothing about today
  const isRecent = now - last * hour <= 3 * day;
  const toHour = isRecent ? last + 1 : 0;
  const fromHour = toHour - 24;
  await read('makeTemporary', recentTables({ fromHour, toHour, now }));
  const archiveDays = isRecent ? Math.floor((fromHour - first) / 24) : 0;
  const endDay = Math.floor(fromHour / 24);
  const baseDays = Math.max(1, Math.min(28, archiveDays));
  return { fromHour, toHour, archiveDays, endDay, firstDay: endDay - baseDays, baseDays };
}

/** What is read from a cluster's archive before the signals are computed. */
type Figures = ClusterFigures &
  Pick<SignalGround, 'firstSampleAt' | 'firstEntryAt'> & {
    services: ServiceHours[];
  };

/** The hour in which last month began, local time or UTC, whichever is earlier: its statements are still due. */
function lastMonthFrom(now: number): number {
  const date = new Date(now);
  const local = new Date(date.getFullYear(), date.getMonth() - 1, 1).getTime();
  const utc = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, 1);
  return Math.floor(Math.min(local, utc) / hour);
}

async function readFigures(read: Read, now: number): Promise<Figures> {
  const toHour = Math.floor(now / hour);
  const period = { fromHour: lastMonthFrom(now), toHour };
  // what was written since the list was read is not collected yet, and not missing
  const listedAt = await read('lastListedAt');
  const asOf = Math.floor(Math.min(listedAt ?? now, now) / 1000);
  const coverage = await read('readCoverage', { ...period, now: asOf });
  const until = new Map((await read('selectRows', newestObjects)).map(toWrittenUntil));
  const services = coverage.services.map((service) => ({
    ...hoursOf(service, coverage.services, period.fromHour),
    wroteUntil: until.get(service.serviceId) ?? null,
  }));
  const [sizes] = await read('selectRows', {
    sql: `SELECT (SELECT min(at) FROM size_refresh) AS firstSample,
      (SELECT at FROM journal_entry ORDER BY sequence LIMIT 1) AS firstEntry,
      (SELECT CAST(bytes AS TEXT) FROM size_refresh ORDER BY at DESC LIMIT 1) AS bytes,
      (SELECT CAST(bytes AS TEXT) FROM size_refresh WHERE at <= :now - ${7 * day} ORDER BY at DESC LIMIT 1) AS before`,
    values: { now },
  });
  const [traffic] = await read('selectRows', {
    sql: `SELECT total(uploaded) AS uploaded, total(downloaded) AS downloaded FROM usage_total
      WHERE hour >= :fromHour`,
    values: { fromHour: toHour - weekHours },
  });
  const [bytes, before] = [sizes?.bytes ?? null, sizes?.before ?? null];
  const sum = (key: 'covered' | 'expected' | 'missing'): number =>
    services.reduce((all, { week }) => all + week[key], 0);
  return {
    bytes: bytes === null ? null : String(bytes),
    growthBytes: bytes === null || before === null ? null : `${BigInt(bytes) - BigInt(before)}`,
    uploaded: whole(traffic?.uploaded),
    downloaded: whole(traffic?.downloaded),
    coverage: { covered: sum('covered'), expected: sum('expected'), missing: sum('missing') },
    ...{ listedAt, services },
    firstSampleAt: sizes?.firstSample == null ? null : Number(sizes.firstSample),
    firstEntryAt: sizes?.firstEntry == null ? null : Number(sizes.firstEntry),
  };
}

const whole = (value: SelectedRow[string] | undefined): string =>
  String(BigInt(Math.round(Number(value ?? 0))));

const written: ReadonlySet<CoverageState> = new Set([
  'collected',
  'late',
  'duplicate',
  'conflicting',
  'waiting',
]);

/** The newest object of each gateway, archived or listed. */
const newestObjects = {
  sql: `SELECT service, max(start) AS start, nominal FROM (
      SELECT service, max(start) AS start, nominal FROM usage_object GROUP BY service
      UNION ALL SELECT service, max(start), nominal FROM usage_listed GROUP BY service)
    GROUP BY service`,
  values: {},
};

function toWrittenUntil({ service, start, nominal }: SelectedRow): [string, number] {
  return [String(service), (Number(start) + Number(nominal)) * 1000];
}

const isMissing = (state: CoverageState): boolean => state === 'missing';

/** @param silentFrom index of the first hour of the silence */
function countWeek(hours: readonly CoverageState[], silentFrom: number): ServiceHours['week'] {
  const from = Math.max(0, hours.length - weekHours);
  const week = hours.slice(from);
  const count = (states: (state: CoverageState) => boolean): number => week.filter(states).length;
  return {
    missing: count(isMissing),
    silent: hours.slice(Math.max(from, silentFrom)).filter(isMissing).length,
    covered: count((state) => written.has(state) && state !== 'waiting'),
    expected: week.length - count((state) => state === 'idle'),
  };
}

function hoursOf(
  { serviceId, hours }: ServiceCoverage,
  all: readonly ServiceCoverage[],
  fromHour: number,
): Omit<ServiceHours, 'wroteUntil'> {
  const last = hours.findLastIndex((state) => written.has(state));
  const othersWrote = all.some((other) =>
    other.hours.some((state, at) => at > last && written.has(state)),
  );
  const silentFrom = othersWrote ? last + 1 : hours.length;
  const silentHours = hours.slice(silentFrom).filter(isMissing).length;
  const first = hours.findIndex(isMissing);
  return {
    ...{ serviceId, silentHours, week: countWeek(hours, silentFrom) },
    missing: hours.filter(isMissing).length - silentHours,
    missingSince: first < 0 ? null : (fromHour + first) * hour,
  };
}

function newestBackup(directory: string): number | null {
  const [newest] = listBackups(directory);
  return newest ? Date.parse(newest.takenAt) : null;
}

async function readDisk(directory: string): Promise<SignalGround['disk']> {
  try {
    const { bavail, blocks, bsize } = await statfs(directory);
    return { free: bavail * bsize, total: blocks * bsize };
  } catch {
    return null; // some file systems do not say
  }
}
