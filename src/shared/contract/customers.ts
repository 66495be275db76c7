import { z } from 'zod';
import { billingId } from './billing.ts';
import {
  connectionId,
  defineCall,
  pageOf,
  pageRequest,
  timestamp,
  userId,
  wireInteger,
} from './define.ts';
import { issuedStatement } from './issued-statements.ts';
import { journalCheck } from './journal.ts';
import { customerStatementInput, statementState } from './tariffs.ts';
import { reportTime } from './usage.ts';

/** Identifies a customer in this console, whichever billing system it came from. */
export const customerId = z.string().regex(/^\d{1,15}$/);

export const serviceId = z.string().regex(/^\d{1,15}$/);

/** An S3 user that a customer or one of its services has. */
const mappedUser = z.object({
  connectionId: z.string(),
  userId: z.string(),
  /** As last seen; null where the cluster never listed the user. */
  email: z.string().nullable(),
  state: z.enum(['enabled', 'disabled', 'unknown']).nullable(),
  /** The cluster was read since the user was mapped, and has it no more; omitted otherwise. */
  gone: z.literal(true).optional(),
  /** When a cancellation deleted it here; omitted otherwise. */
  deletedAt: timestamp.optional(),
  serviceId: z.string().nullable(),
  mappedAt: timestamp,
  mappedBy: z.string(),
});

/** A customer that has a user too; both would pay for it. */
export const otherCustomer = z.object({
  customerId: z.string(),
  name: z.string(),
  externalId: z.string(),
});

const customerRow = z.object({
  customerId: z.string(),
  billingId: z.string(),
  /** The client's id in the billing system. */
  externalId: z.string(),
  name: z.string(),
  company: z.string(),
  email: z.string(),
  ownerEmail: z.string().nullable(),
  /** As the billing system says it. */
  status: z.string(),
  currency: z.string().nullable(),
  /** Services that are neither terminated nor cancelled; null until its billing system was read once. */
  services: z.int().nullable(),
  users: z.array(mappedUser),
  /** Whether the last refresh no longer listed it. */
  gone: z.boolean(),
  /** When a cancellation here was finished that left it without a user; omitted otherwise. */
  cancelledAt: timestamp.optional(),
});

export const customerService = z.object({
  serviceId: z.string(),
  externalId: z.string(),
  productId: z.string(),
  productName: z.string(),
  status: z.string(),
  username: z.string().nullable(),
  /** `YYYY-MM-DD`: its base fee runs from then on; null: not known. */
  registeredOn: z.string().nullable(),
  nextDueDate: z.string().nullable(),
  recurringAmount: z.string().nullable(),
  suspensionReason: z.string().nullable(),
  gone: z.boolean(),
});

const customerDetail = customerRow.extend({
  users: z.array(
    mappedUser.extend({
      /** Other customers that have the user: no statement with it is final before one gives it up. */
      alsoOf: z.array(otherCustomer),
      /** Who had it before, where anybody did, and from when on it is this customer's, where that is known. */
      before: otherCustomer.extend({ since: timestamp.nullable() }).optional(),
    }),
  ),
  /** Its own tariff; null where its plan's counts. */
  tariffId: z.string().nullable(),
  serviceList: z.array(customerService),
  asOf: timestamp.nullable(),
});

const customerFilter = z.object({
  billingId: billingId.optional(),
  status: z.string().max(60).optional(),
  users: z.enum(['none', 'some']).optional(),
  /** Has one in that state; `none`: has none that is neither terminated nor cancelled. */
  service: z.enum(['none', 'active', 'suspended', 'pending', 'terminated', 'cancelled']).optional(),
});

const customerSortKey = z.enum([
  'name',
  'company',
  'email',
  'externalId',
  'status',
  'services',
  'users',
]);

const mapping = z.object({
  customerId,
  serviceId: serviceId.optional(),
  connectionId,
  userId,
});

/** Which customer has a user from which hour (UTC) on. */
const handover = mapping.extend({ since: reportTime });

const heldStatement = customerStatementInput.omit({ requireFinal: true });

/** A copy of the file of customers, mappings, plans, statements and invoices. */
const customerBackup = z.object({ fileName: z.string(), takenAt: timestamp, bytes: z.int() });

/** Calls about customers. Customers span clusters: only a mapping names one. */
export const customersContract = {
  'customers.list': defineCall({
    input: z.object({
      search: z.string().max(200).optional(),
      filter: customerFilter.optional(),
      sort: z.object({ by: customerSortKey, descending: z.boolean().default(false) }).optional(),
      /** Id of one customer: yields it alone, and only where it matches the rest. */
      only: customerId.optional(),
      ...pageRequest.shape,
    }),
    output: pageOf(
      customerRow.extend({
        /** How many services it has in each state, as the billing system says it; the most first. */
        serviceStates: z.array(z.object({ status: z.string(), services: z.int() })),
      }),
    ).extend({
      /** When the oldest of the billing systems listed was read. */
      asOf: timestamp.nullable(),
    }),
  }),
  /** The first customers that the words mean, as `sync.find` finds users; not how many. */
  'customers.find': defineCall({
    input: z.object({
      search: z.string().max(200),
      limit: z.int().min(1).max(50).default(6),
    }),
    output: z.array(customerRow.pick({ customerId: true, name: true, company: true, email: true })),
  }),
  /** The customers whose name another one has too: their client ids tell them apart. */
  'customers.namesakes': defineCall({
    input: z.object({}),
    output: z.array(customerRow.pick({ customerId: true, externalId: true })),
  }),
  'customers.get': defineCall({ input: z.object({ customerId }), output: customerDetail }),
  /** Asks the billing system for what its list leaves out, and keeps it: the currency, and the owner. */
  'customers.readDetails': defineCall({ input: z.object({ customerId }), output: customerDetail }),
  /**
   * `since`: from which hour (UTC) on the customer has the user, where another had it before; mapped
   * again with another hour, it is corrected. Omitted where another had it: statements of both hold the
   * user back.
   */
  'customers.map': defineCall({
    input: mapping.extend({ since: reportTime.optional() }),
    output: customerDetail,
    writes: true,
  }),
  /** What `customers.handOver` would change; `statement`: how a statement not issued yet turns out then. */
  'customers.previewHandover': defineCall({
    input: handover.extend({ statement: heldStatement.optional() }),
    output: z.object({
      /** The hour that `since` is in. */
      since: timestamp,
      /** The customer has the user already, and since when, where somebody said; null: it does not. */
      own: z.object({ since: timestamp.nullable() }).nullable(),
      /** Who else has or had the user, in the order in which they had it; `until` null: it has it. */
      before: z.array(
        z.object({ customerId: z.string(), name: z.string(), until: timestamp.nullable() }),
      ),
      /** Issued statements with other hours of the user. */
      corrections: z.array(
        z.object({
          statementId: z.string(),
          number: z.string(),
          customerId: z.string(),
          customerName: z.string(),
          from: timestamp,
          to: timestamp,
          currency: z.string(),
          minorDigits: z.int(),
          before: wireInteger,
          after: wireInteger,
          words: z.string(),
        }),
      ),
      statement: z
        .object({
          state: statementState,
          total: wireInteger.nullable(),
          currency: z.string(),
          minorDigits: z.int(),
          /** Of the user alone. */
          amount: wireInteger,
        })
        .nullable(),
    }),
  }),
  /**
   * Gives a user to one customer alone from an hour on, and issues the corrections of statements that
   * had it for other hours. Journalled; done twice, it is done once.
   */
  'customers.handOver': defineCall({
    input: handover,
    output: z.object({ customer: customerDetail, corrections: z.array(issuedStatement) }),
    writes: true,
  }),
  'customers.unmap': defineCall({ input: mapping, output: customerDetail, writes: true }),
  /** Bills a customer by its own tariff; null: by that of its plan again. */
  'customers.setTariff': defineCall({
    input: z.object({
      customerId,
      tariffId: z
        .string()
        .regex(/^[a-z0-9-]{1,64}$/)
        .nullable(),
    }),
    output: customerDetail,
    writes: true,
  }),
  /** Newest first. */
  'customers.backups': defineCall({ input: z.object({}), output: z.array(customerBackup) }),
  'customers.backUp': defineCall({ input: z.object({}), output: customerBackup, writes: true }),
  /** Puts a backup in the place of the file; the one that was there is kept among the backups. */
  'customers.restore': defineCall({
    input: z.object({ fileName: z.string().regex(/^customers-\w+\.sqlite$/) }),
    output: z.object({ restored: customerBackup, setAside: z.string().nullable() }),
    writes: true,
  }),
  /** What was done with customers and sent to billing systems, newest first. Nothing in it changes. */
  'customers.journal': defineCall({
    input: z.object({ customerId: customerId.optional(), ...pageRequest.shape }),
    output: pageOf(
      z.object({
        recordId: z.string(),
        at: timestamp,
        operator: z.string(),
        action: z.string(),
        result: z.enum(['intent', 'done', 'failed', 'unknown']),
        customerId: z.string().nullable(),
        /** As its billing system has it now. */
        customerName: z.string().nullish(),
        billingId: z.string().nullable(),
        details: z.record(z.string(), z.unknown()),
        /** Of the user that the details name, as last seen; null where it is not known. */
        userEmail: z.string().nullish(),
        /** Product and id of the service that the details name. */
        serviceName: z.string().nullish(),
      }),
    ),
  }),
  /** Recomputes its chain, which covers issued statements and versions of plans, and names each row that was tampered with. */
  'customers.verifyJournal': defineCall({ input: z.object({}), output: journalCheck }),
  /** The customers that have a user. */
  'customers.ofUser': defineCall({
    input: z.object({ connectionId, userId }),
    output: z.array(
      z.object({
        customerId: z.string(),
        name: z.string(),
        email: z.string(),
        /** The services of it that the user is mapped to. */
        services: z.array(
          customerService.pick({
            ...{ serviceId: true, externalId: true, productName: true },
            ...{ status: true, suspensionReason: true },
          }),
        ),
      }),
    ),
  }),
};
