import type { HandlersOf } from '#shared/contract/index.ts';
import type { Journal } from '../changes/journal/journal.ts';
import type { Archives, ClusterWork } from '../clusters/archives.ts';
import { type CollectService, toWireFailure } from '../usage/collect/collect-service.ts';
import { discardObjects } from '../usage/collect/discard-objects.ts';
import type { ObjectsOnGateway } from '../usage/collect/objects-on-gateway.ts';
import { toWireObject, toWireVariant, viewObject } from '../usage/collect/read-object.ts';
import type { ClusterSchedules } from '../usage/collect/schedule.ts';
import { readCoverage } from '../usage/coverage/coverage-summary.ts';
import { acceptGaps, stateService, withdrawGaps } from '../usage/coverage/decisions.ts';
import { hoursOf, millisecondsToIso, secondsToIso } from '../usage/coverage/report-period.ts';
import { exportDataset } from '../usage/export/export-dataset.ts';
import { exportReport } from '../usage/export/export-report.ts';
import { makeReport, makeSeries, readFilter, toWireCounters } from '../usage/report/report.ts';
import { readHistory } from '../usage/size-history/history.ts';
import { readMovers } from '../usage/size-history/movers.ts';
import type { SizeRecords } from '../usage/size-history/size-records.ts';
import { readStoredDays } from '../usage/size-history/stored-days.ts';

interface UsageDependencies extends ClusterWork {
  journal: Pick<Journal, 'open' | 'close' | 'intent' | 'list'>;
  collections: CollectService;
  schedule: ClusterSchedules;
  objectsOnGateway: ObjectsOnGateway;
}

export function usageHandlers(dependencies: UsageDependencies): HandlersOf<'usage'> {
  return {
    ...objectHandlers(dependencies),
    ...collectHandlers(dependencies),
    ...reportHandlers(dependencies),
    ...coverageHandlers(dependencies),
  };
}

type Part<Names extends keyof HandlersOf<'usage'>> = Pick<HandlersOf<'usage'>, Names>;

function objectHandlers(
  dependencies: UsageDependencies,
): Part<'usage.objects' | 'usage.object' | 'usage.removeObjects' | 'usage.discardObjects'> {
  const { clusters, archives, collections, objectsOnGateway } = dependencies;
  return {
    'usage.objects': async ({ connectionId, ...input }, { signal }) =>
      objectsOnGateway.list(
        await clusters.get(connectionId),
        await archives.get(connectionId),
        input,
        signal,
      ),
    'usage.object': async ({ connectionId, ...input }, { signal }) =>
      viewObject(await clusters.get(connectionId), await archives.get(connectionId), input, signal),
    'usage.removeObjects': async ({ connectionId, names }) => {
      const { taskId } = await collections.start(connectionId, 'Delete archived statistics', {
        removeCollected: true,
        onlyArchived: true,
        ...(names ? { only: new Set(names) } : {}),
      });
      return { taskId };
    },
    'usage.discardObjects': (input) => discardObjects(dependencies, input),
  };
}

function collectHandlers({
  archives,
  collections,
  schedule,
}: UsageDependencies): Part<
  'usage.collect' | 'usage.retry' | 'usage.failures' | 'usage.schedule' | 'usage.setSchedule'
> {
  return {
    'usage.collect': async ({ connectionId, removeCollected, verify }) => {
      const request = { removeCollected, verify };
      const { taskId } = await collections.start(connectionId, 'Collect statistics', request);
      return { taskId };
    },
    'usage.retry': async ({ connectionId, names, removeCollected }) => {
      const archive = await archives.get(connectionId);
      const failed = await archive.read('readFailures', { offset: 0, limit: 1_000_000 });
      const only = new Set(names ?? failed.rows.map(({ name }) => name));
      const { taskId } = await collections.start(connectionId, 'Try failed statistics again', {
        removeCollected,
        verify: true,
        only,
      });
      return { taskId };
    },
    'usage.failures': async ({ connectionId, offset, limit }) => {
      const archive = await archives.get(connectionId);
      const { total, rows } = await archive.read('readFailures', { offset, limit });
      return { total, rows: rows.map(toWireFailure) };
    },
    'usage.schedule': ({ connectionId }) => schedule.collections(connectionId),
    'usage.setSchedule': ({ connectionId, ...request }) =>
      schedule.setCollections(connectionId, request),
  };
}

function reportHandlers(
  dependencies: UsageDependencies,
): Part<
  'usage.report' | 'usage.series' | 'usage.sources' | 'usage.export' | 'usage.exportDataset'
> {
  const { archives } = dependencies;
  return {
    'usage.report': async ({ connectionId, ...input }) =>
      makeReport(await archives.get(connectionId), input),
    'usage.series': async ({ connectionId, ...input }) =>
      makeSeries(await archives.get(connectionId), input),
    'usage.sources': async ({ connectionId, filter, offset, limit, ...period }) => {
      const archive = await archives.get(connectionId);
      const query = { ...hoursOf(period), filter: readFilter(filter), offset, limit };
      const { total, rows, totals } = await archive.read('sources', query);
      return {
        total,
        rows: rows.map((row) => ({ ...withoutCounters(row), ...toWireCounters(row) })),
        totals: toWireCounters(totals),
      };
    },
    'usage.export': (input, { signal }) => exportReport(dependencies, input, signal),
    'usage.exportDataset': (input) => exportDataset(dependencies, input),
  };
}

type SourceRow = Parameters<typeof toWireObject>[0] & Parameters<typeof toWireCounters>[0];

function withoutCounters(row: SourceRow): ReturnType<typeof toWireObject> {
  const { put: _put, get: _get, list: _list, other: _other, ...rest } = row;
  const { uploaded: _uploaded, downloaded: _downloaded, ...object } = rest;
  return toWireObject(object);
}

export function storageHandlers({
  archives,
  sizes,
}: {
  archives: Archives;
  sizes: SizeRecords;
}): HandlersOf<'storage'> {
  return {
    'storage.lastSample': async ({ connectionId }) => {
      const { at, error } = await sizes.lastSample(connectionId);
      return {
        sampledAt: at === null ? null : millisecondsToIso(at),
        ...(error ? { error: error.toData() } : {}),
      };
    },
    'storage.history': async ({ connectionId, ...input }) =>
      readHistory(await archives.get(connectionId), input),
    'storage.days': async ({ connectionId, ...input }) =>
      readStoredDays(await archives.get(connectionId), input),
    'storage.movers': async ({ connectionId, ...input }) =>
      readMovers(await archives.get(connectionId), input),
  };
}

type Names =
  | 'usage.coverage'
  | 'usage.acceptGaps'
  | 'usage.withdrawGaps'
  | 'usage.stateService'
  | 'usage.conflicts'
  | 'usage.resolveConflict';

function coverageHandlers(
  dependencies: Pick<ClusterWork, 'clusters' | 'archives' | 'events'>,
): Pick<HandlersOf<'usage'>, Names> {
  const { archives, events } = dependencies;
  return {
    'usage.coverage': async ({ connectionId, ...period }) =>
      readCoverage(await archives.get(connectionId), period),
    'usage.acceptGaps': async (input) => ({ hours: await acceptGaps(dependencies, input) }),
    'usage.stateService': async (input) => ({ hours: await stateService(dependencies, input) }),
    'usage.withdrawGaps': async (input) => {
      await withdrawGaps(dependencies, input);
      return null;
    },
    'usage.conflicts': async ({ connectionId }) => {
      const archive = await archives.get(connectionId);
      const variants = await archive.read('openVariants');
      return variants.map((variant) => ({
        ...toWireVariant(variant),
        serviceId: variant.serviceId,
        startAt: secondsToIso(variant.start),
      }));
    },
    'usage.resolveConflict': async ({ connectionId, ...input }) => {
      const archive = await archives.get(connectionId);
      await archive.write('resolveVariant', { ...input, now: Date.now() });
      events.emit('data.changed', { connectionId, topics: ['usage', 'journal'] });
      return null;
    },
  };
}
