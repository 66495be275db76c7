import type { DatabaseSync } from 'node:sqlite';
import { draftSums } from '#shared/billing/money.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { fromWireInteger, toWireInteger } from '#shared/units.ts';
import type { Statement } from '../../usage/billing/statement.ts';

type Twice = CallOutput<'invoices.preview'>['twice'];
type Payer = Pick<
  Twice['customers'][number],
  'customerId' | 'customerName' | 'currency' | 'minorDigits'
>;

/** Services of users with a recurring amount, that the billing system invoices on its own. */
const chargedServices = `SELECT external_id, product_name, recurring_amount FROM service
  WHERE customer_id = ? AND gone = 0 AND status IN ('Active', 'Suspended')
    AND CAST(recurring_amount AS REAL) > 0 AND EXISTS (
      SELECT 1 FROM mapping AS m WHERE m.customer_id = service.customer_id
        AND m.unmapped_at IS NULL AND (m.service_id = service.service_id
          OR m.service_id IS NULL AND EXISTS (SELECT 1 FROM plan_product AS p
            WHERE p.billing_id = service.billing_id AND p.product_id = service.product_id)))`;

/** Returns the base fees of a statement, minor units. */
export function baseFeeOf({ fees = [] }: Pick<Statement, 'fees'>): bigint {
  const base = fees.filter(({ kind }) => kind === 'base');
  return base.reduce((sum, fee) => sum + fromWireInteger(fee.amount), 0n);
}

/** Finds who pays a base fee, and a recurring amount besides; the fee is asked of those with one alone. */
export function payingTwice<Statements extends Payer>(
  database: DatabaseSync,
  statements: readonly Statements[],
  baseFee: (statement: Statements) => bigint,
): Twice {
  const services = database.prepare(chargedServices);
  const paying = statements.flatMap((statement) => {
    const { customerId, customerName, currency, minorDigits } = statement;
    const charged = services.all(Number(customerId));
    const amount = charged.length > 0 ? baseFee(statement) : 0n;
    return amount === 0n
      ? []
      : [{ customerId, customerName, currency, minorDigits, amount, charged }];
  });
  return {
    sums: draftSums(paying),
    customers: paying.map(({ amount, charged, ...of }) => ({
      ...of,
      baseFee: toWireInteger(amount),
      services: charged.map((service) => ({
        ...{ externalId: String(service.external_id), productName: String(service.product_name) },
        recurringAmount: String(service.recurring_amount),
      })),
    })),
  };
}

export function chargedTwiceReaders(database: DatabaseSync) {
  return {
    /** Which of these customers pay their base fee, minor units, and a recurring amount besides. */
    chargedTwice: (
      statements: readonly (Payer & { baseFee: Twice['customers'][number]['baseFee'] })[],
    ): Twice => payingTwice(database, statements, ({ baseFee }) => fromWireInteger(baseFee)),
  };
}
