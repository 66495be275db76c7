import { periodWords } from '#shared/billing/period.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { boundsOf } from '../usage/coverage/report-period.ts';
import { toIssued } from './issued-rows.ts';
import type { CustomerStore } from './store/customer-store.ts';

type Issued = CallOutput<'statements.issue'>;

/**
 * Returns by which statement each customer is billed for a period already: that of the same period, by
 * whatever tariff, or the final one of a cancellation; the refusal where a part of the period is billed;
 * null where none of it is.
 */
export async function billedAlready(
  store: CustomerStore,
  customerIds: readonly string[],
  period: { from: string; to: string },
): Promise<(Issued | AppError | null)[]> {
  const over = await store.ask('issuedOver', { customerIds, ...boundsOf(period) });
  return over.map((one) => {
    if (!one) return null;
    const issued = toIssued(one.issued);
    return one.isAll ? issued : billedInPart(issued);
  });
}

function billedInPart({ number, from, to }: Issued): AppError {
  return new AppError({
    code: 'COVERAGE_INCOMPLETE',
    message: `${number} bills ${periodWords({ from, to })} already.`,
    hint: 'Correct that statement, or make one of the time after it.',
  });
}
