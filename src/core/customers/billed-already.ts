import { periodWords } from '#shared/billing/period.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { boundsOf } from '../usage/coverage/report-period.ts';
import { toIssued } from './issued-rows.ts';
import type { CustomerStore } from './store/customer-store.ts';

type Issued = CallOutput<'statements.issue'>;

/**
 * Returns by which statement each customer is billed for a period already: that of the same period, by
 * whatever tariff, or that of a cancellation, whose users are gone since; the refusal where it is billed
 * for a part of the period; null where it is not billed.
 */
export async function billedAlready(
  store: CustomerStore,
  customerIds: readonly string[],
  period: { from: string; to: string },
): Promise<(Issued | AppError | null)[]> {
  const bounds = boundsOf(period);
  const over = await store.ask('issuedOver', { customerIds, ...bounds });
  return over.map((one) => {
    if (!one) return null;
    const issued = toIssued(one.issued);
    const isSame = issued.from === bounds.from && issued.to === bounds.to;
    return isSame || one.hasLeft ? issued : billedInPart(issued);
  });
}

function billedInPart({ number, from, to }: Issued): AppError {
  return new AppError({
    code: 'COVERAGE_INCOMPLETE',
    message: `${number} bills ${periodWords({ from, to })} already.`,
    hint: 'Correct that statement, or make one of the time after it.',
  });
}
