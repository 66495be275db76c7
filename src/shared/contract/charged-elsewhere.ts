import { z } from 'zod';
import { connectionId, userId, wireInteger } from './define.ts';

const sum = { currency: z.string(), minorDigits: z.int() };
const customer = { customerId: z.string(), customerName: z.string() };

/** Draft invoices of a currency, made or to be made. Amounts in minor units. */
export const draftSum = z.object({
  ...{ ...sum, invoices: z.int(), customers: z.int() },
  total: wireInteger,
});

/** What a statement charges a customer for, as far as it may be charged elsewhere too. */
export const charges = z.object({
  ...{ ...customer, ...sum },
  /** Minor units. */
  baseFee: wireInteger,
  users: z.array(z.object({ connectionId, userId })).max(100_000),
});

/** Customers who pay a base fee while the billing system charges the recurring amount of a service of theirs. */
export const chargedTwice = z.object({
  /** The base fees; `invoices`: of how many statements. */
  sums: z.array(draftSum),
  /** All of them, in the order of the statements. */
  customers: z.array(
    z.object({
      ...{ ...customer, ...sum, baseFee: wireInteger },
      services: z.array(
        z.object({
          externalId: z.string(),
          productName: z.string(),
          /** Of a billing cycle, as the billing system writes it. */
          recurringAmount: z.string(),
        }),
      ),
    }),
  ),
});

/** What customers would pay for a second time. */
export const chargedElsewhere = z.object({
  twice: chargedTwice,
  /** Statements by user that a cluster issued for a time in the period, with users of these customers. */
  byUser: z.array(
    z.object({
      ...{ connectionId, statementId: z.uuid(), number: z.string() },
      customers: z.array(z.object(customer)),
    }),
  ),
});
