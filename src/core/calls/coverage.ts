import type { HandlersOf } from '#shared/contract/index.ts';
import { doneEntries, operatorName } from '../changes/journal/journal.ts';
import type { Archives } from '../clusters/archives.ts';
import type { Clusters, SavedConnection } from '../clusters/clusters.ts';
import type { EventBus } from '../platform/events.ts';
import type { JournalIntent } from '../store/archive/journal-port.ts';
import { toWireVariant } from '../usage/collect/read-object.ts';
import { listGaps, summariseCoverage } from '../usage/coverage/coverage-summary.ts';
import { hoursOf, hourToIso, secondsToIso } from '../usage/coverage/report-period.ts';

interface CoverageDependencies {
  clusters: Clusters;
  archives: Archives;
  events: EventBus;
}

type Names =
  | 'usage.coverage'
  | 'usage.acceptGaps'
  | 'usage.withdrawGaps'
  | 'usage.stateService'
  | 'usage.conflicts'
  | 'usage.resolveConflict';

export function coverageHandlers(
  dependencies: CoverageDependencies,
): Pick<HandlersOf<'usage'>, Names> {
  const { archives, events } = dependencies;
  const changed = (connectionId: string): null => {
    events.emit('data.changed', { connectionId, topics: ['usage', 'journal'] });
    return null;
  };
  return {
    'usage.coverage': async ({ connectionId, ...input }) => {
      const period = hoursOf(input);
      const archive = await archives.get(connectionId);
      const now = Math.floor(Date.now() / 1000);
      const answer = await archive.read('readCoverage', { ...period, now });
      return {
        from: hourToIso(period.fromHour),
        to: hourToIso(period.toHour),
        services: answer.services,
        summary: summariseCoverage(answer, archive.isDamaged),
        gaps: listGaps(answer.services, period).slice(0, 1000),
      };
    },
    ...silenceHandlers(dependencies, changed),
    'usage.conflicts': async ({ connectionId }) => {
      const archive = await archives.get(connectionId);
      const variants = await archive.read('openVariants', undefined as never);
      return variants.map((variant) => ({
        ...toWireVariant(variant),
        serviceId: variant.serviceId,
        startAt: secondsToIso(variant.start),
      }));
    },
    'usage.resolveConflict': async ({ connectionId, ...input }) => {
      const archive = await archives.get(connectionId);
      await archive.write('resolveVariant', { ...input, now: Date.now() });
      return changed(connectionId);
    },
  };
}

function silenceHandlers(
  { clusters, archives }: CoverageDependencies,
  changed: (connectionId: string) => null,
): Pick<HandlersOf<'usage'>, 'usage.acceptGaps' | 'usage.withdrawGaps' | 'usage.stateService'> {
  return {
    'usage.acceptGaps': async ({ connectionId, gaps, reason }) => {
      const { connection } = await clusters.get(connectionId);
      const archive = await archives.get(connectionId);
      const now = Date.now();
      const hours = await archive.write('acceptGaps', {
        gaps: gaps.map(({ serviceId, ...period }) => ({ serviceId, ...hoursOf(period) })),
        reason,
        operator: operatorName(),
        now,
        entries: doneEntries(acceptEntry(connection, gaps, reason), now),
      });
      changed(connectionId);
      return { hours };
    },
    'usage.stateService': async ({ connectionId, since, ...statement }) => {
      const { connection } = await clusters.get(connectionId);
      const archive = await archives.get(connectionId);
      const now = Date.now();
      const hours = await archive.write('stateService', {
        ...statement,
        fromHour: Math.floor(Date.parse(since) / 3_600_000),
        operator: operatorName(),
        now,
        entries: doneEntries(statementEntry(connection, { ...statement, since }), now),
      });
      changed(connectionId);
      return { hours };
    },
    'usage.withdrawGaps': async ({ connectionId, acceptanceIds }) => {
      const { connection } = await clusters.get(connectionId);
      const archive = await archives.get(connectionId);
      const now = Date.now();
      await archive.write('withdrawGaps', {
        ids: acceptanceIds.map(Number),
        operator: operatorName(),
        now,
        entries: doneEntries(withdrawEntry(connection, acceptanceIds), now),
      });
      return changed(connectionId);
    },
  };
}

type Stretch = { serviceId: string; from: string; to: string };

function acceptEntry(
  connection: SavedConnection,
  gaps: readonly Stretch[],
  reason: string,
): JournalIntent {
  const where = gaps
    .slice(0, 20)
    .map((gap) => `${gap.serviceId} ${minuteOf(gap.from)} to ${minuteOf(gap.to)} UTC`);
  const rest = gaps.length > where.length ? [`and ${gaps.length - where.length} more`] : [];
  return {
    ...entryOf(connection),
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
    ...entryOf(connection),
    operation: 'usage.stateService',
    title: kind === 'retired' ? 'State service retired' : 'State service idle',
    before: { coverage: `${serviceId}: gaps are missing hours` },
    after: { coverage: `${serviceId}: ${kind} since ${minuteOf(since)} UTC` },
    input: statement,
    ticket: reason,
  };
}

function withdrawEntry(connection: SavedConnection, ids: readonly string[]): JournalIntent {
  return {
    ...entryOf(connection),
    operation: 'usage.withdrawGaps',
    title: 'Withdraw acceptance',
    before: { coverage: `accepted as silent by decision ${ids.join(', ')}` },
    after: { coverage: 'missing, unless collected since' },
    input: { acceptanceIds: ids },
    ticket: null,
  };
}

function entryOf({ id, name, endpoint }: SavedConnection) {
  return {
    connectionId: id,
    connectionName: name,
    endpoint,
    target: { kind: 'connection', id, name },
    runId: null,
  } as const;
}

function minuteOf(iso: string): string {
  return new Date(iso).toISOString().slice(0, 16).replace('T', ' ');
}
