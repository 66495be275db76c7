import { agreeing, formatCounted } from '#shared/counted.ts';
import { AppError } from '#shared/errors.ts';
import type { CollectOutcome } from './collect-options.ts';

const holds = {
  locked: 'the connection was locked',
  'read-only': 'the connection was made read-only',
  'no-date': 'the gateway sent no Date, so nobody can tell what may still grow',
};

/**
 * A removal that deleted nothing is no success.
 * @throws `NOTHING_REMOVED` with every reason there is
 */
export function assertSomethingRemoved(outcome: CollectOutcome): void {
  if (outcome.removed > 0) return;
  const { growing, unsettled, removalHeldBack } = outcome;
  const failed = outcome.failures.filter(({ stage }) => stage === 'remove').length;
  throw new AppError({
    code: 'NOTHING_REMOVED',
    message: `${failed > 0 ? 'Nothing was removed' : 'Nothing was sent'}: ${reasonsOf(outcome).join('; ')}.`,
    hint: 'Everything is on the gateway as before. See the objects and their states under Pending on gateway.',
    details: { growing, unsettled, removalHeldBack, failed: outcome.failed },
  });
}

function reasonsOf(outcome: CollectOutcome): string[] {
  const { growing, unsettled, skipped, removalHeldBack: hold, failures } = outcome;
  const notArchived = skipped - growing;
  const conflicts = failures.filter(({ stage }) => stage === 'conflict').length;
  const others = failures.filter(({ stage }) => stage !== 'conflict');
  const reasons = [
    hold && holds[hold],
    growing > 0 && `${formatCounted(growing, 'object')} may still grow`,
    unsettled > 0 &&
      hold !== 'no-date' &&
      `${formatCounted(unsettled, 'object')} ${agreeing(unsettled, 'was', 'were')} read too soon after the period`,
    conflicts > 0 &&
      `${formatCounted(conflicts, 'object')} ${agreeing(conflicts, 'differs', 'differ')} from the archive`,
    others.length > 0 &&
      `${formatCounted(others.length, 'object')} failed (${others[0]?.error.message})`,
  ].filter((reason) => typeof reason === 'string');
  if (reasons.length > 0) return reasons;
  return [
    notArchived > 0
      ? `${formatCounted(notArchived, 'object')} on the gateway ${agreeing(notArchived, 'is', 'are')} not archived`
      : 'none of the objects is on the gateway',
  ];
}
