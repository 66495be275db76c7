import { z } from 'zod';
import { billingId } from './billing.ts';
import { chargedElsewhere, charges } from './charged-elsewhere.ts';
import {
  appErrorData,
  connectionId,
  defineCall,
  onConnection,
  pageOf,
  pageRequest,
  timestamp,
  userId,
  wireInteger,
} from './define.ts';
import { customerStatementInput, statement, statementInput, statementState } from './tariffs.ts';
import { exportDestination, exportedFile, reportPeriod } from './usage.ts';

const statementId = z.uuid();
const documentFormat = z.enum(['pdf', 'csv', 'json', 'parquet']);

/** A statement in the register. Nothing in it ever changes. Amounts in minor units. */
export const issuedStatement = z.object({
  statementId,
  /** `S-2026-0001`, in the order of issue. */
  number: z.string(),
  /** SHA-256 over the statement as it is kept (canonical JSON). */
  digest: z.string(),
  state: statementState,
  total: wireInteger,
  currency: z.string(),
  minorDigits: z.int(),
  tariffId: z.string(),
  tariffVersion: z.int(),
  tariffName: z.string(),
  from: timestamp,
  to: timestamp,
  /** Users with a charge in it. */
  users: z.int(),
  /** Whom it was issued for, where that was fewer than everyone; the first 100. */
  userIds: z.array(userId).nullable(),
  issuedAt: timestamp,
  /** The operator's name at the operating system. */
  issuedBy: z.string(),
  corrects: statementId.nullable(),
  correctedBy: statementId.nullable(),
  customerId: z.string().optional(),
  customerName: z.string().optional(),
});

/** How a statement would turn out now, against how it was issued. */
const statementChange = z.object({
  changed: z.boolean(),
  /** `Changed since issued: +50.00 EUR, 1 late object.` */
  words: z.string(),
  /** Now less issued. */
  difference: wireInteger,
});

/** What issuing a month came to, customer by customer: the result of its task. */
const issueAllResult = z.object({
  customers: z.int(),
  /** In the register, issued now or before. */
  issued: z.int(),
  /** Waiting for a review or for statistics. */
  refused: z.int(),
  /** Without a user in the period: no statement. */
  withoutUser: z.int(),
  items: z.array(
    z.object({
      customerId: z.string(),
      billingId: z.string(),
      name: z.string(),
      statementId: statementId.nullable(),
      number: z.string().nullable(),
      total: wireInteger.nullable(),
      /** Why there is no final statement. */
      error: appErrorData.nullable(),
    }),
  ),
});

const amount = z.object({ total: wireInteger, currency: z.string(), minorDigits: z.int() });

/** What a preview shows of a customer: what its statement comes to, or null where there is none. */
const previewed = z.object({
  customerId: z.string(),
  billingId: z.string(),
  name: z.string(),
  amount: amount.nullable(),
  /** SHA-256 over what is charged; null without a statement. */
  digest: z.string().nullable(),
});

/** Whose statements of a period are issued together. */
const ofAllCustomers = z.object({
  ...reportPeriod.shape,
  /** Left out: customers of every billing connection. */
  billingId: billingId.optional(),
  /** Only customers with a user on this cluster. */
  clusterId: connectionId.optional(),
});

export type IssueAllResult = z.output<typeof issueAllResult>;

const objectChange = z.enum(['late', 'replaced', 'gone']);

/** Calls about the register of issued statements: append-only, in the archive. Without a cluster they are about customers' statements. */
export const issuedStatementsContract = {
  /**
   * Issues a statement, or the correction of one: a whole statement that takes its place. What was
   * issued before is yielded again. Of a customer, an hour is billed once: with another tariff, or of
   * another period that has some of its hours, it is refused with `CONFLICT`, and `details` name the
   * statement that bills them. Journalled.
   */
  'statements.issue': defineCall({
    input: z.union([
      onConnection.extend({
        corrects: statementId,
        /** Omitted: the version of the tariff that the statement was issued with. */
        version: z.int().min(1).optional(),
      }),
      /** Of a customer's statement. */
      z.object({ corrects: statementId, version: z.int().min(1).optional() }),
      customerStatementInput,
      statementInput,
    ]),
    output: issuedStatement,
    writes: true,
  }),
  /**
   * The customers who pay for users of a cluster: what those use is billed by customers’ statements, so
   * that a statement of the users themselves would be a second bill for the same data.
   */
  'statements.payers': defineCall({
    input: onConnection.extend({
      ...reportPeriod.shape,
      /** Omitted: all users of the cluster. */
      userIds: z.array(userId).max(100_000).optional(),
    }),
    output: z.object({
      users: z.int(),
      customers: z.int(),
      /** Customers whose statement of a time in the period is issued already. */
      issued: z.int(),
      /** The first ten, those with an issued statement before others. */
      first: z.array(
        z.object({ customerId: z.string(), name: z.string(), number: z.string().nullable() }),
      ),
    }),
  }),
  /**
   * Issues the final statement of every customer with users, one after the other, as a task whose
   * result is {@link issueAllResult}. What is issued already stays as it is.
   */
  'statements.issueAll': defineCall({
    input: ofAllCustomers.extend({
      /**
       * The rows of a preview: whoever's statement is not as previewed is refused, with
       * `details.differs`. Omitted: nothing was previewed, and every final statement is issued.
       */
      previewed: z.array(previewed).max(1_000_000).optional(),
    }),
    output: z.object({ taskId: z.string() }),
    writes: true,
  }),
  /** What {@link issuedStatementsContract}'s `statements.issueAll` would issue now. Issues nothing. */
  'statements.previewAll': defineCall({
    input: ofAllCustomers,
    output: z.object({
      /** Those that would be issued, by currency. */
      sums: z.array(
        z.object({
          currency: z.string(),
          minorDigits: z.int(),
          statements: z.int(),
          total: wireInteger,
        }),
      ),
      /** Issued before: they stay as they are. */
      issued: z.int(),
      /** Customers whose statement waits for a review or for statistics. */
      refused: z.int(),
      /** Customers without a user in the period: they get no statement. */
      withoutUser: z.int(),
      /** Who gets a statement, the largest amount first; then who gets none, and why, by name. */
      items: z.array(previewed.extend({ error: appErrorData.nullable() })),
      /** What those who get a statement would pay for twice then. */
      elsewhere: chargedElsewhere,
    }),
  }),
  /**
   * Of the customers with users in a period, how many are billed for all of it; the others are issued or
   * wait. Calculates no statement.
   */
  'statements.toIssue': defineCall({
    input: ofAllCustomers,
    output: z.object({ customers: z.int(), issued: z.int() }),
  }),
  /** What a customer would pay for twice, once a statement of these charges is issued. */
  'statements.chargedElsewhere': defineCall({
    input: z.object({ ...charges.shape, ...reportPeriod.shape }),
    output: chargedElsewhere,
  }),
  /** The register, newest first; what a later statement corrects is no longer compared. */
  'statements.issued': defineCall({
    input: z.union([
      onConnection.extend(pageRequest.shape),
      /** Without a cluster: statements of customers. */
      z.object({
        customerId: z
          .string()
          .regex(/^\d{1,15}$/)
          .optional(),
        billingId: billingId.optional(),
        /** Omitted: of every period. */
        period: z.object(reportPeriod.shape).optional(),
        /** Only those whose period ends in it, as a cancellation's in its month. */
        within: z.object(reportPeriod.shape).optional(),
        /** In the number, or in what the customer is called. */
        search: z.string().max(200).optional(),
        /** Whether each is compared with how it would turn out now. */
        compare: z.boolean().default(true),
        ...pageRequest.shape,
      }),
    ]),
    output: pageOf(issuedStatement.extend({ change: statementChange.nullable() })),
  }),
  /** One with its lines as issued. */
  'statements.get': defineCall({
    input: z.object({ connectionId: connectionId.optional(), statementId }),
    output: z.object({ issued: issuedStatement, statement }),
  }),
  /** What has changed since a statement, or the last correction of it, was issued. */
  'statements.corrections': defineCall({
    input: z.object({ connectionId: connectionId.optional(), statementId }),
    output: statementChange.extend({
      statementId,
      /** What it is compared with: the statement, or the last correction of it. */
      issued: issuedStatement,
      /** How it would turn out now. */
      state: statementState,
      total: wireInteger.nullable(),
      /** Users whose amount differs, greatest difference first; the first 1,000. */
      users: z.array(
        z.object({
          userId: z.string(),
          email: z.string().nullable(),
          issued: wireInteger,
          now: wireInteger,
          difference: wireInteger,
        }),
      ),
      /** Statistics objects that came late, have other content, or no longer count. */
      objects: z.object({ late: z.int(), replaced: z.int(), gone: z.int() }),
      /** Their names; the first 1,000. */
      objectNames: z.array(z.object({ name: z.string(), change: objectChange })),
      /** Whether sizes were sampled, within the period or next to it, that were not there before. */
      sizesSampled: z.boolean(),
      /** Every correction issued of it, oldest first. */
      corrections: z.array(issuedStatement),
    }),
  }),
  /** What `statements.takeBack` would come to. Writes nothing. */
  'statements.previewTakeBack': defineCall({
    input: z.object({ statementId, connectionId, userId }),
    output: z.object({
      /** What is corrected: the statement, or the last correction of it. */
      issued: issuedStatement,
      /** Of the correction. */
      total: wireInteger,
      difference: wireInteger,
      words: z.string(),
      /** What it charges, opaque: hand it over as `expected`. */
      digest: z.string(),
    }),
  }),
  /**
   * Takes a user that belongs to no customer by now out of a statement that billed it by mistake: yields
   * the correction, which says why. One that another customer has is handed over instead. Journalled.
   */
  'statements.takeBack': defineCall({
    input: z.object({
      ...{ statementId, connectionId, userId },
      reason: z.string().trim().min(3).max(500),
      /** Of the preview: a correction that charges something else is refused, and nothing is decided. */
      expected: z.string().max(64).optional(),
    }),
    output: issuedStatement,
    writes: true,
  }),
  /** An issued statement as a file that carries its number and state. */
  'statements.exportIssued': defineCall({
    input: z.object({
      /** Omitted: a customer's statement. */
      connectionId: connectionId.optional(),
      statementId,
      /** A PDF is made of customers' statements. */
      format: documentFormat,
      destination: exportDestination.optional(),
    }),
    output: exportedFile,
  }),
  /** The customers' statements whose period ends in this one, those that are corrected omitted, as one zip. */
  'statements.exportAll': defineCall({
    input: z.object({
      ...reportPeriod.shape,
      /** Omitted: of every billing connection. */
      billingId: billingId.optional(),
      formats: z.array(documentFormat).min(1).max(4).default(['pdf']),
      /** Omitted: to the caller, 500 statements at most. */
      destination: exportDestination.options[0].optional(),
    }),
    output: exportedFile,
  }),
};
