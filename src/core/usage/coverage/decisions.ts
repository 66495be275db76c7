import type { ParsedInput } from '#shared/contract/index.ts';
import { doneEntries, operatorName } from '../../changes/journal/journal.ts';
import type { ClusterWork } from '../../clusters/archives.ts';
import type { SavedConnection } from '../../clusters/clusters.ts';
import { printedMinute } from '../../platform/printed-time.ts';
import type { Archive } from '../../store/archive/archive.ts';
import { aboutConnection, type JournalIntent } from '../../store/archive/journal-port.ts';
import type { JournalBody } from '../../store/archive/queries/journal-head.ts';
import { hoursOf } from './report-period.ts';

type DecisionDependencies = Pick<ClusterWork, 'clusters' | 'archives' | 'events'>;

/** Who decides, when (Unix milliseconds), and what the journal says of it. */
interface Decision {
  operator: string;
  now: number;
  entries: JournalBody[];
}

/** Accepts missing hours as silent. @returns how many gateway hours count as silent by it */
export function acceptGaps(
  dependencies: DecisionDependencies,
  { connectionId, gaps, reason }: ParsedInput<'usage.acceptGaps'>,
): Promise<number> {
  return decide(
    dependencies,
    connectionId,
    (connection) => acceptEntry(connection, gaps, reason),
    (archive, decision) =>
      archive.write('acceptGaps', {
        ...decision,
        gaps: gaps.map(({ serviceId, ...period }) => ({ serviceId, ...hoursOf(period) })),
        reason,
      }),
  );
}

/** States that a service is retired or idle. @returns how many gateway hours count as silent by it up to now */
export function stateService(
  dependencies: DecisionDependencies,
  { connectionId, ...statement }: ParsedInput<'usage.stateService'>,
): Promise<number> {
  const { since, ...rest } = statement;
  return decide(
    dependencies,
    connectionId,
    (connection) => statementEntry(connection, statement),
    (archive, decision) =>
      archive.write('stateService', {
        ...rest,
        ...decision,
        fromHour: Math.floor(Date.parse(since) / 3_600_000),
      }),
  );
}

/** Withdraws such decisions: their hours are missing again. */
export function withdrawGaps(
  dependencies: DecisionDependencies,
  { connectionId, acceptanceIds }: ParsedInput<'usage.withdrawGaps'>,
): Promise<void> {
  return decide(
    dependencies,
    connectionId,
    (connection) => withdrawEntry(connection, acceptanceIds),
    (archive, decision) =>
      archive.write('withdrawGaps', { ...decision, ids: acceptanceIds.map(Number) }),
  );
}

/** Keeps a decision with its place in the journal, in one transaction, and says what is stale. */
async function decide<Result>(
  { clusters, archives, events }: DecisionDependencies,
  connectionId: string,
  entryOf: (connection: SavedConnection) => JournalIntent,
  keep: (archive: Archive, decision: Decision) => Promise<Result>,
): Promise<Result> {
  const { connection } = await clusters.get(connectionId);
  const archive = await archives.get(connectionId);
  const now = Date.now();
  const entries = doneEntries(entryOf(connection), now);
  const result = await keep(archive, { operator: operatorName(), now, entries });
  events.emit('data.changed', { connectionId, topics: ['usage', 'journal'] });
  return result;
}

type Stretch = { serviceId: string; from: string; to: string };

function acceptEntry(
  connection: SavedConnection,
  gaps: readonly Stretch[],
  reason: string,
): JournalIntent {
  const where = gaps
    .slice(0, 20)
    .map((gap) => `${gap.serviceId} ${printedMinute(gap.from)} to ${printedMinute(gap.to)}`);
  const rest = gaps.length > where.length ? [`and ${gaps.length - where.length} more`] : [];
  return {
    ...aboutConnection(connection),
    operation: 'usage.acceptGaps',
    title: 'Accept hours as silent',
    before: { coverage: 'missing' },
    after: { coverage: `accepted as silent: ${[...where, ...rest].join('; ')}` },
    input: { gaps, reason },
    ticket: reason,
  };
}

function statementEntry(
  connection: SavedConnection,
  statement: { serviceId: string; kind: 'retired' | 'idle'; since: string; reason: string },
): JournalIntent {
  const { serviceId, kind, since, reason } = statement;
  return {
    ...aboutConnection(connection),
    operation: 'usage.stateService',
    title: kind === 'retired' ? 'State service retired' : 'State service idle',
    before: { coverage: `${serviceId}: gaps are missing hours` },
    after: { coverage: `${serviceId}: ${kind} since ${printedMinute(since)}` },
    input: statement,
    ticket: reason,
  };
}

function withdrawEntry(connection: SavedConnection, ids: readonly string[]): JournalIntent {
  return {
    ...aboutConnection(connection),
    operation: 'usage.withdrawGaps',
    title: 'Withdraw acceptance',
    before: { coverage: `accepted as silent by decision ${ids.join(', ')}` },
    after: { coverage: 'missing, unless collected since' },
    input: { acceptanceIds: ids },
  };
}
