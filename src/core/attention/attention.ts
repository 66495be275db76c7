import { isDeepStrictEqual } from 'node:util';
import PQueue from 'p-queue';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { forGood, isMoreSevere, severities, signalThresholds } from '#shared/contract/signals.ts';
import { day } from '#shared/durations.ts';
import { type AppError, invalidInput, notFound, toAppError } from '#shared/errors.ts';
import { comparable, searchedText } from '#shared/plain-text.ts';
import { toWireInteger } from '#shared/units.ts';
import { type Journal, operatorName } from '../changes/journal/journal.ts';
import type { ClusterWork } from '../clusters/archives.ts';
import type { SavedConnection } from '../clusters/clusters.ts';
import { aboutConnection } from '../store/archive/journal-port.ts';
import type { CustomerSource } from './customer-facts.ts';
import type { CustomerFacts, Evaluation, EvaluationSources } from './evaluate.ts';
import { evaluate, noFacts } from './evaluate.ts';
import { firstFoundOf, KeptAttention, type StoredAttention, snoozeOf } from './kept.ts';
import { priceStakes, stakesOf } from './money.ts';
import type { SignalKind, Thresholds } from './signal.ts';

type Listed = CallOutput<'signals.list'>;
type Row = Listed['rows'][number];
type ListFilter = ParsedInput<'signals.list'>['filter'];
type Glance = CallOutput<'signals.clusters'>[number];

export interface AttentionOptions
  extends Omit<EvaluationSources, 'archiveOf'>,
    Pick<ClusterWork, 'clusters' | 'archives' | 'events'> {
  journal: Pick<Journal, 'note'>;
  connections: { list(): Promise<SavedConnection[]> };
  customers: CustomerSource;
}

/** A look is repeated after this long even if nothing changed: certificates and gaps age. */
const longest = 5 * 60_000;
/** Clusters that are evaluated in parallel. */
const atOnce = 3;

interface Look {
  evaluation: Promise<{ rows: Row[]; result: Evaluation }>;
  at: number;
}

/** Signals of one cluster or of all: computed from stored data, kept until it changes. */
export class Attention {
  readonly #options: AttentionOptions;
  readonly #kept: KeptAttention;
  readonly #looks = new Map<string, Look>();
  #customers: Promise<ReadonlyMap<string, CustomerFacts>> | null = null;

  constructor(options: AttentionOptions) {
    this.#options = options;
    this.#kept = new KeptAttention(options.archives);
    options.events.subscribe((event) => {
      if (event.name === 'customers.changed' || event.name === 'connections.changed')
        this.#forget();
      else if (event.name === 'data.changed') {
        const { connectionId, topics } = event.payload;
        // what signals read of these is announced under other topics too
        const own = ['signals', 'pressure', 'campaigns'];
        if (topics.some((topic) => !own.includes(topic))) this.#forget(connectionId);
      } else if (event.name === 'sync.changed' && !event.payload.status.refreshing) {
        this.#forget(event.payload.connectionId);
      } else if (event.name === 'task.changed' && event.payload.task.endedAt !== null) {
        this.#forget(event.payload.task.connectionId ?? undefined);
      }
    });
    options.clusters.onRelease(async (connectionId) => this.#forget(connectionId));
  }

  async list({
    connectionId,
    filter,
    offset,
    limit,
  }: ParsedInput<'signals.list'>): Promise<Listed> {
    const looked = await this.#lookAt(connectionId);
    const ofAnyKind = once(looked.flatMap(({ rows }) => rows)).filter(matcherOf(filter));
    const matching = ofAnyKind.filter(({ kind }) => kind === (filter.kind ?? kind));
    const wanted = matching.filter((row) => isSnoozed(row) === (filter.snoozed ?? false));
    const rows = wanted.sort(byUrgency(stakesOf(wanted)));
    return {
      total: rows.length,
      snoozed: matching.filter(isSnoozed).length,
      counts: countsOf(rows),
      kinds: kindsOf(ofAnyKind.filter((row) => isSnoozed(row) === (filter.snoozed ?? false))),
      asOf: oldestOf(looked),
      rows: rows.slice(offset, offset + limit),
      incomplete: looked.flatMap(({ connection, reasons }) =>
        reasons.map((reason) => ({
          connectionId: connection.id,
          connectionName: connection.name,
          reason,
        })),
      ),
    };
  }

  /** Every cluster at a glance, or why it can't be read. */
  async glances(): Promise<Glance[]> {
    return (await this.#lookAt()).map(({ connection, rows, result, error }) => {
      const open = rows.filter((row) => !isSnoozed(row));
      const { id, name, environment, demo } = connection;
      const counts = { signals: countsOf(open), snoozed: rows.length - open.length };
      return {
        ...{ connectionId: id, name, environment, demo },
        ...counts,
        ...glanceOf(result),
        ...(error ? { error: error.toData() } : {}),
      };
    });
  }

  /** @throws AppError `NOT_FOUND` where there is no such signal now */
  async snooze(input: ParsedInput<'signals.snooze'>): Promise<CallOutput<'signals.snooze'>> {
    const { signalId, until, reason, severity: seen } = input;
    const connectionId = signalId.split('/', 1)[0] ?? '';
    const { connection } = await this.#options.clusters.get(connectionId);
    const { rows } = await this.#look(connectionId).evaluation;
    const row = rows.find((one) => one.signalId === signalId);
    if (!row) throw noSuchSignal();
    if (until !== null && Date.parse(until) <= Date.now()) throw notInFuture();
    if (until !== null && reason === '') throw noReason();
    const severity = seen && isMoreSevere(row.severity, seen) ? seen : row.severity;
    const at = new Date().toISOString();
    const snoozed = until === null ? null : { until, reason, by: operatorName(), severity, at };
    await this.#options.journal.note(
      {
        ...aboutConnection(connection),
        operation: 'signals.snooze',
        title: snoozed ? 'Snooze signal' : 'End snooze',
        before: { signal: nameOf(row), snoozedUntil: row.snoozed?.until ?? null },
        after: {
          ...{ signal: nameOf(row), reason: reason || null },
          snoozedUntil: until === forGood ? 'for good' : until,
        },
      },
      () => this.#kept.snooze(connectionId, signalId, snoozed),
    );
    this.#changed(connectionId);
    return { signalId, snoozed };
  }

  async thresholds(connectionId: string): Promise<Thresholds> {
    await this.#options.clusters.get(connectionId);
    return signalThresholds.parse((await this.#kept.read(connectionId)).thresholds);
  }

  async setThresholds(connectionId: string, thresholds: Thresholds): Promise<Thresholds> {
    const { connection } = await this.#options.clusters.get(connectionId);
    const before = await this.thresholds(connectionId);
    if (isDeepStrictEqual(before, thresholds)) return before;
    await this.#options.journal.note(
      {
        ...aboutConnection(connection),
        operation: 'signals.setThresholds',
        title: 'Change thresholds of signals',
        before: { thresholds: differing(before, thresholds) },
        after: { thresholds: differing(thresholds, before) },
      },
      () => this.#kept.change(connectionId, (stored) => ({ ...stored, thresholds })),
    );
    this.#changed(connectionId);
    return thresholds;
  }

  /** Waits for evaluations in progress. */
  async settle(): Promise<void> {
    await Promise.allSettled([...this.#looks.values()].map(({ evaluation }) => evaluation));
  }

  #forget(connectionId?: string): void {
    this.#customers = null;
    if (connectionId === undefined) this.#looks.clear();
    else this.#looks.delete(connectionId);
  }

  #changed(connectionId: string): void {
    this.#forget(connectionId);
    this.#options.events.emit('data.changed', { connectionId, topics: ['signals'] });
  }

  async #lookAt(only?: string) {
    const all = await this.#options.connections.list();
    if (only !== undefined) await this.#options.clusters.get(only);
    const wanted = only === undefined ? all : all.filter(({ id }) => id === only);
    const queue = new PQueue({ concurrency: atOnce });
    return queue.addAll(wanted.map((connection) => () => this.#tryLook(connection)));
  }

  async #tryLook(connection: SavedConnection): Promise<Looked> {
    try {
      const { rows, result } = await this.#look(connection.id).evaluation;
      return { connection, rows, result, error: null, reasons: result.incomplete };
    } catch (thrown) {
      const error = toAppError(thrown);
      return { connection, rows: [], result: null, error, reasons: [error.message] };
    }
  }

  #look(connectionId: string): Look {
    const known = this.#looks.get(connectionId);
    if (known && Date.now() - known.at < longest) return known;
    const look = { at: Date.now(), evaluation: this.#evaluate(connectionId) };
    this.#looks.set(connectionId, look);
    look.evaluation.catch(() => {
      if (this.#looks.get(connectionId) === look) this.#looks.delete(connectionId);
    });
    return look;
  }

  async #evaluate(connectionId: string): Promise<{ rows: Row[]; result: Evaluation }> {
    const { archives, clusters } = this.#options;
    const { connection } = await clusters.get(connectionId);
    const stored = await this.#kept.read(connectionId);
    const thresholds = signalThresholds.parse(stored.thresholds);
    const { facts, problem } = await this.#customerFacts(connectionId);
    const sources = { ...this.#options, archiveOf: (id: string) => archives.get(id) };
    const result = await evaluate(sources, connectionId, thresholds, facts, stored.memory);
    if (problem !== null) result.incomplete.push(`Customers and plans: ${problem}`);
    const priced = await this.#price(connectionId, result);
    const notLookedFor = [...result.failed, ...(problem === null ? [] : ofCustomers)];
    const firstFound = firstFoundOf(stored, connectionId, notLookedFor);
    const rows = priced.map(({ since, weight = 0, stake: _, ...finding }): Row => {
      const signalId = `${connectionId}/${finding.kind}/${finding.subject.id}`;
      if (since === null) firstFound[signalId] = stored.firstFound[signalId] ?? result.at;
      const row = {
        ...{ signalId, connectionId, connectionName: connection.name, ...finding, weight },
        since: new Date(since ?? firstFound[signalId] ?? result.at).toISOString(),
      };
      return { ...row, ...snoozeOf(stored.snoozed[signalId], row) };
    });
    const { memory } = result;
    const overtaken = newlyOvertaken(rows, stored.snoozed);
    const isKnown = isDeepStrictEqual([firstFound, memory], [stored.firstFound, stored.memory]);
    if (!isKnown || Object.keys(overtaken).length > 0) {
      // signals are shown even if the archive can't be written
      const kept = this.#kept.keepLook(connectionId, { firstFound, memory }, overtaken);
      await kept.catch(() => undefined);
    }
    return { rows, result };
  }

  /** Adds what is at stake in money. If tariffs can't be read, the list says so and shows no amounts. */
  async #price(connectionId: string, { at, found, incomplete }: Evaluation) {
    const payers = new Set(found.flatMap(({ stake }) => stake?.payer ?? []));
    try {
      const tariffOf = await this.#options.customers.tariffs(connectionId, payers);
      return await priceStakes(found, tariffOf, at);
    } catch (thrown) {
      incomplete.push(`Money at risk: ${toAppError(thrown).message}`);
      return found;
    }
  }

  /** Facts of customers and plans; read again at the next look if they can't be read. */
  async #customerFacts(connectionId: string) {
    this.#customers ??= this.#options.customers.facts();
    try {
      const facts = (await this.#customers).get(connectionId) ?? noFacts;
      const unread = await this.#options.customers.unread(connectionId);
      return { facts: { ...facts, unread }, problem: null };
    } catch (thrown) {
      this.#customers = null;
      return { facts: noFacts, problem: toAppError(thrown).message };
    }
  }
}

interface Looked {
  connection: SavedConnection;
  rows: Row[];
  result: Evaluation | null;
  error: AppError | null;
  reasons: string[];
}

const isSnoozed = ({ snoozed }: Row): boolean =>
  snoozed !== undefined && !snoozed.overtaken && snoozed.until > new Date().toISOString();

/** Kinds that depend on customers and plans. */
const ofCustomers: readonly SignalKind[] = [
  ...(['drift', 'unpaid', 'overdue-raises', 'suspension', 'cancellations'] as const),
];

function newlyOvertaken(
  rows: readonly Row[],
  stored: StoredAttention['snoozed'],
): StoredAttention['snoozed'] {
  const found = rows.flatMap(({ signalId, snoozed }) => {
    const before = stored[signalId];
    return snoozed?.overtaken && before && !before.overtaken ? [[signalId, before]] : [];
  });
  return Object.fromEntries(found);
}

/** Matches but for the kind. */
function matcherOf({ severity, subjectId, search }: ListFilter): (row: Row) => boolean {
  const words = searchedText(search);
  return (row) =>
    row.severity === (severity ?? row.severity) &&
    row.subject.id === (subjectId ?? row.subject.id) &&
    (words === '' || comparable(textOf(row)).includes(words));
}

const textOf = ({ title, subject, connectionName, evidence }: Row): string =>
  [title, subject.name, subject.id, connectionName, ...evidence].join('\n');

function kindsOf(rows: readonly Row[]): Listed['kinds'] {
  const kinds = [...Map.groupBy(rows, ({ kind }) => kind)].map(([kind, of]) => ({
    ...{ kind, title: of[0]?.title ?? kind, signals: of.length },
  }));
  return kinds.sort((left, right) => (left.title < right.title ? -1 : 1));
}

/** When the cluster with the oldest look was looked at; null if none could be. */
function oldestOf(looked: readonly Looked[]): string | null {
  const times = looked.flatMap(({ result }) => result?.at ?? []);
  return times.length === 0 ? null : new Date(Math.min(...times)).toISOString();
}

const byUrgency =
  (stake: (row: Row) => number) =>
  (left: Row, right: Row): number =>
    severities.indexOf(left.severity) - severities.indexOf(right.severity) ||
    stake(right) - stake(left) ||
    (left.since < right.since ? -1 : left.since > right.since ? 1 : 0) ||
    (left.signalId < right.signalId ? -1 : 1);

/** All clusters share one disk: its signal is listed once. */
function once(rows: readonly Row[]): Row[] {
  const first = rows.find(({ kind }) => kind === 'disk-space');
  return rows.filter((row) => row.kind !== 'disk-space' || row === first);
}

function countsOf(rows: readonly Row[]): Glance['signals'] {
  const count = (severity: Row['severity']): number =>
    rows.filter((row) => row.severity === severity).length;
  return {
    critical: count('critical'),
    warning: count('warning'),
    information: count('information'),
  };
}

const wire = (value: string | null) => (value === null ? null : toWireInteger(BigInt(value)));

function glanceOf(
  result: Evaluation | null,
): Omit<
  Glance,
  'connectionId' | 'name' | 'environment' | 'demo' | 'signals' | 'snoozed' | 'error'
> {
  const figures = result?.figures;
  const until = Date.parse(result?.seen.certificateUntil ?? '');
  return {
    state: result?.status.state ?? 'never',
    asOf: result?.status.asOf ?? null,
    users: result?.status.users ?? 0,
    buckets: result?.status.buckets ?? 0,
    bytes: wire(figures?.bytes ?? null),
    growthBytes: wire(figures?.growthBytes ?? null),
    uploaded: toWireInteger(BigInt(figures?.uploaded ?? 0)),
    downloaded: toWireInteger(BigInt(figures?.downloaded ?? 0)),
    coverage: figures?.coverage ?? { covered: 0, expected: 0, missing: 0 },
    collectedAt: figures?.listedAt ? new Date(figures.listedAt).toISOString() : null,
    certificateDays: Number.isNaN(until) ? null : Math.floor((until - Date.now()) / day),
  };
}

const nameOf = ({ title, subject }: Row): string => `${title}: ${subject.name}`;

function differing(thresholds: Thresholds, other: Thresholds): string {
  return (Object.keys(thresholds) as (keyof Thresholds)[])
    .filter((name) => thresholds[name] !== other[name])
    .map((name) => `${name} ${thresholds[name]}`)
    .join(', ');
}

function noSuchSignal(): AppError {
  return notFound(
    'There is no such signal now.',
    'Its cause may be gone: look at the list of signals.',
  );
}

function notInFuture(): AppError {
  return invalidInput('The snooze would already have ended.', 'Enter a time in the future.');
}

function noReason(): AppError {
  return invalidInput('A snooze needs a reason.', 'Say why it can wait; the journal keeps it.');
}
