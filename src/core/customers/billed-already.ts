import { periodWords } from '#shared/billing/period.ts';
import { AppError } from '#shared/errors.ts';
import { boundsOf } from '../usage/coverage/report-period.ts';
import type { CustomerStatementInput } from './bills.ts';
import { toIssued } from './issued-rows.ts';
import type { CustomerStore } from './store/customer-store.ts';
import type { IssuedRow } from './store/statements.ts';

/** Whose statement of which period, by which tariff where one is named. */
type Asked = Pick<CustomerStatementInput, 'customerId' | 'from' | 'to' | 'tariffId'>;

/**
 * Returns by which statement each customer is billed for its period already, as first issued: that of the
 * same period, or the final one of a cancellation; the refusal where a part of the period is billed; null
 * where none of it is.
 */
export async function billedAlready(
  store: CustomerStore,
  asked: readonly Asked[],
): Promise<(IssuedRow | AppError | null)[]> {
  const places = asked.map(({ customerId, ...period }) => ({ customerId, ...boundsOf(period) }));
  const over = await store.ask('issuedOver', places);
  return over.map((one) => one && (one.isAll ? one.issued : secondBill(one.issued)));
}

/** Whether a statement is by the tariff that is asked for, if any is. */
export function isByTariff(issued: IssuedRow, { tariffId }: Pick<Asked, 'tariffId'>): boolean {
  return tariffId === undefined || tariffId === toIssued(issued).tariffId;
}

/** The refusal of hours for which the customer is billed: as a part of a period, or by another tariff. */
export function secondBill(row: IssuedRow): AppError {
  const { number, statementId, tariffName, ...period } = toIssued(row);
  return new AppError({
    code: 'CONFLICT',
    message: `${number} bills ${periodWords(period)} already.`,
    hint: `Issue a correction of it, by any version of its tariff "${tariffName}", or a statement of a time that it does not bill.`,
    details: { statementId, number },
  });
}
