import type { HandlersOf } from '#shared/contract/index.ts';
import type { ClusterWork } from '../clusters/archives.ts';
import { toWireVariant } from '../usage/collect/read-object.ts';
import { readCoverage } from '../usage/coverage/coverage-summary.ts';
import { acceptGaps, stateService, withdrawGaps } from '../usage/coverage/decisions.ts';
import { secondsToIso } from '../usage/coverage/report-period.ts';

type Names =
  | 'usage.coverage'
  | 'usage.acceptGaps'
  | 'usage.withdrawGaps'
  | 'usage.stateService'
  | 'usage.conflicts'
  | 'usage.resolveConflict';

export function coverageHandlers(
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
