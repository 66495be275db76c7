import { z } from 'zod';
import { chargedItems } from '../charged-items.ts';
import {
  connectionId,
  defineCall,
  nothing,
  onConnection,
  timestamp,
  userId,
  wireInteger,
} from './define.ts';
import { exportDestination, exportedFile, reportPeriod, reportTime } from './usage.ts';
import { coverageSummary } from './usage-coverage.ts';

/** An exact decimal that is not negative: `0.00315`. */
const decimal = z.string().regex(/^\d{1,15}(\.\d{1,20})?$/);

const chargedItem = z.enum(chargedItems);

/** What is held back for a look: an item that is charged, or a whole user that was handed over. */
const heldItem = z.enum([...chargedItems, 'user']);

/** Another price for what exceeds an amount: GB of storage or traffic, operations. */
const tiers = z
  .array(z.object({ above: wireInteger, price: decimal }))
  .max(20)
  .optional();

/**
 * Prices from one moment on: exact decimals, in the currency or its minor units (`pricesIn`). Storage
 * is charged by the GB-hour or by the GB-month (a calendar month, UTC), never both.
 */
const tariffPrices = z.object({
  /** Since when they hold; to the hour, UTC. */
  validFrom: reportTime,
  storedPerGbHour: decimal,
  storedPerGbMonth: decimal.optional(),
  downloadedPerGb: decimal,
  uploadedPerGb: decimal,
  putPerThousand: decimal,
  getPerThousand: decimal,
  listPerThousand: decimal,
  otherPerThousand: decimal,
  /** What exceeds the free allowance is charged by the last tier that it reaches, part by part. */
  tiers: z
    .object({
      stored: tiers,
      downloaded: tiers,
      uploaded: tiers,
      put: tiers,
      get: tiers,
      list: tiers,
      other: tiers,
    })
    .optional(),
  /** Of each payer for a calendar month, whatever it used; part of a month costs that part. */
  baseFee: decimal.optional(),
  /** What a payer is charged at least for a calendar month, the base fee included. */
  minimum: decimal.optional(),
});

/** What each payer has free in one statement: see `countPer`. Whole GB-hours, GB and operations. */
const freeAllowances = z.object({
  /** GB that may be stored all the time. */
  storedGb: wireInteger.optional(),
  storedGbHours: wireInteger,
  downloadedGb: wireInteger,
  uploadedGb: wireInteger,
  put: wireInteger,
  get: wireInteger,
  list: wireInteger,
  other: wireInteger,
});

export const tariffBody = z.object({
  name: z.string().trim().min(1).max(120),
  /** ISO 4217: `EUR`. */
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** Digits of the minor unit: 2 for cents. */
  minorDigits: z.int().min(0).max(4),
  /** What a GB is: 10^9 bytes or 2^30. */
  gigabyte: z.enum(['decimal', 'binary']),
  /** In which language documents write numbers and dates (BCP 47: `de-DE`). Omitted: English. */
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/)
    .optional(),
  /** What prices are in. Tariffs are kept and read in the currency itself; minor units are converted. */
  pricesIn: z.enum(['currency', 'minor']).default('minor'),
  /** In order of `validFrom`; the first holds from before it too. */
  prices: z.array(tariffPrices).min(1).max(200),
  free: freeAllowances,
  /**
   * Whether a customer's users share what is free and the tiers in its statement, or each has them by
   * itself. Omitted when saving: as before, of a new tariff `customer`. Absent in what was saved
   * before there was a choice: `user`. Statements of a cluster always count per user.
   */
  countPer: z.enum(['customer', 'user']).optional(),
  /** A statement is no more than a draft where sizes were not sampled for longer than this. */
  longestSampleGapHours: z.int().min(1).max(8784).default(24),
});

/** A tariff as it was saved. A version never changes; saving makes the next. */
const tariff = tariffBody.extend({
  pricesIn: z.literal('currency'),
  tariffId: z.string(),
  version: z.int(),
  savedAt: timestamp,
});

const tariffReference = {
  tariffId: z.string().regex(/^[a-z0-9-]{1,64}$/),
  /** Omitted: the newest. */
  version: z.int().min(1).optional(),
};

/**
 * One charge. `quantity`, `free` and `billable` are exact and in base units: byte-milliseconds for
 * `stored`, bytes for traffic, operations. `amount` is in minor units, rounded once, with banker’s rounding.
 */
const statementLine = z.object({
  item: chargedItem,
  from: timestamp,
  to: timestamp,
  quantity: wireInteger,
  free: wireInteger,
  billable: wireInteger,
  /** In the unit the price is for, six decimals, rounded down: to read, not to calculate with. */
  billableUnits: z.string(),
  unit: z.enum(['GB-hour', 'GB-month', 'GB', 'thousand operations']),
  price: decimal,
  /** The tier: it is charged for what exceeds this many GB or operations. */
  above: wireInteger.optional(),
  amount: wireInteger,
});

/** A charge for no usage: of a customer, or of each user in the statement of a cluster. */
const statementFee = z.object({
  kind: z.enum(['base', 'minimum']),
  /** Who pays it, in the statement of a cluster. */
  userId: z.string().optional(),
  from: timestamp,
  to: timestamp,
  /** For a calendar month, in the currency. */
  price: decimal,
  /** Calendar months, six decimals, rounded down. */
  months: z.string(),
  amount: wireInteger,
});

const userStatement = z.object({
  /** The cluster, in the statement of a customer. */
  connectionId: z.string().optional(),
  userId: z.string(),
  email: z.string().nullable(),
  lines: z.array(statementLine),
  amount: wireInteger,
  /** In the statement of a customer: which hours of the period it is of, where others have the rest. */
  hours: z.array(z.object({ from: timestamp, to: timestamp })).optional(),
});

/**
 * `final` only where coverage is final and sizes were sampled densely enough; `no-data` where nothing
 * that the tariff charges for is on record in the period.
 */
export const statementState = z.enum(['final', 'draft', 'no-data']);

/** A bill for a period. Same archive, same tariff: same bytes. */
export const statement = z.object({
  state: statementState,
  /** Why it is not final, in words. */
  reasons: z.array(z.string()),
  /** What nothing is on record of in the period: amounts for it are unknown, not zero. */
  unknown: z.array(z.enum(['traffic', 'stored'])),
  tariffId: z.string(),
  tariffVersion: z.int(),
  tariffName: z.string(),
  currency: z.string(),
  minorDigits: z.int(),
  gigabyte: z.enum(['decimal', 'binary']),
  /** In which language documents write numbers and dates. */
  language: z.string().optional(),
  from: timestamp,
  to: timestamp,
  users: z.array(userStatement),
  /** Base fees, and what is missing to the minimum. */
  fees: z.array(statementFee).optional(),
  /**
   * Of a customer: nothing says when its services and users began, so that fees are charged for the whole
   * period. Omitted where it is known, and in statements that were issued before this was stated.
   */
  feesAssumed: z.literal(true).optional(),
  /** What the prices of lines are in; omitted in statements that were issued in minor units. */
  pricesIn: z.literal('currency').optional(),
  /** Null where there is no data. */
  total: wireInteger.nullable(),
  coverage: coverageSummary,
  /**
   * Statistics objects that reach over the beginning or the end of the period: not divided, since
   * nobody knows what of them happened when. Each counts whole in the period in which it begins.
   * Missing in statements that were issued before this was stated.
   */
  overlaps: z
    .array(
      z.object({
        at: z.enum(['start', 'end']),
        objects: z.int(),
        /** How far the farthest reaches over it. */
        seconds: z.int(),
        uploaded: wireInteger,
        downloaded: wireInteger,
        operations: wireInteger,
        words: z.string(),
      }),
    )
    .optional(),
  /** SHA-256 over names and digests of the statistics objects in the period. */
  sources: z.object({ objects: z.int(), digest: z.string() }),
  /** Why a customer is billed by that tariff, in words; missing in statements that were issued without. */
  tariffReason: z.string().optional(),
  /** Whose statement it is, where it is one of a customer. */
  customer: z
    .object({
      customerId: z.string(),
      billingId: z.string(),
      externalId: z.string(),
      name: z.string(),
      email: z.string(),
      /** Of the billing system; null where it is not known. */
      currency: z.string().nullable(),
    })
    .optional(),
  /** Of a customer: every cluster that the statement rests on. */
  clusters: z
    .array(
      z.object({
        connectionId: z.string(),
        name: z.string(),
        state: statementState,
        coverage: coverageSummary,
        sources: z.object({ objects: z.int(), digest: z.string() }),
      }),
    )
    .optional(),
  /** Of a customer: what of it is in no line, in words: services without a user, users to be mapped. */
  unmapped: z.array(z.string()).optional(),
  /** Of a customer: lines held back for a look; no statement with one is final until it is accepted. */
  held: z
    .array(
      z.object({
        connectionId: z.string(),
        userId: z.string(),
        item: heldItem,
        /** Exact decimal text, in base units as in lines, of a user what is decided; missing in statements issued earlier. */
        quantity: z.string().optional(),
        words: z.string(),
        /** Who looked at it and why it counts; null until somebody did. */
        accepted: z
          .object({ by: z.string(), at: timestamp, reason: z.string() })
          .nullable()
          .optional(),
      }),
    )
    .optional(),
});

export const statementInput = onConnection.extend({
  ...tariffReference,
  ...reportPeriod.shape,
  /** Omitted: everyone with usage or storage in the period. */
  userIds: z.array(userId).max(100_000).optional(),
  /** Refuse with `COVERAGE_INCOMPLETE` where it would be a draft. */
  requireFinal: z.boolean().default(false),
});

/** What the statement of a customer is asked for: all its users, on every cluster. */
export const customerStatementInput = z.object({
  customerId: z.string().regex(/^\d{1,15}$/),
  /** Where the tariff is; omitted, it is looked for on every cluster. */
  connectionId: connectionId.optional(),
  /** Omitted: that of the customer, else that of its plan. */
  tariffId: tariffReference.tariffId.optional(),
  version: tariffReference.version,
  ...reportPeriod.shape,
  requireFinal: z.boolean().default(false),
});

/** Whose statement is asked for: a customer's, or that of users of one cluster. */
const anyStatementInput = z.union([customerStatementInput, statementInput]);

/** Which lines of a customer's statement a decision is about. */
const heldLinesInput = customerStatementInput.omit({ requireFinal: true }).extend({
  /** Left out: every line that waits for the decision. */
  lines: z
    .array(z.object({ connectionId, userId, item: heldItem }))
    .min(1)
    .max(10_000)
    .optional(),
  reason: z.string().trim().min(3).max(500),
});

export const tariffsContract = {
  /** The newest version of each. */
  'tariffs.list': defineCall({ input: onConnection, output: z.array(tariff) }),
  'tariffs.get': defineCall({ input: onConnection.extend(tariffReference), output: tariff }),
  'tariffs.versions': defineCall({
    input: onConnection.extend({ tariffId: tariffReference.tariffId }),
    output: z.array(tariff),
  }),
  /** Saves a new tariff, or the next version of one. */
  'tariffs.save': defineCall({
    input: onConnection.extend({
      tariffId: tariffReference.tariffId.optional(),
      tariff: tariffBody,
    }),
    output: tariff,
    writes: true,
  }),
  /** Takes a tariff off the list; its versions stay in the archive. */
  'tariffs.retire': defineCall({
    input: onConnection.extend({ tariffId: tariffReference.tariffId }),
    output: nothing,
    writes: true,
  }),
  'statements.make': defineCall({ input: anyStatementInput, output: statement }),
  /**
   * Lets lines of a customer's statement count that were held back: somebody looked at them. They count
   * as they are now: another quantity is held back again. Journalled with the reason.
   */
  'statements.acceptHeld': defineCall({
    input: heldLinesInput,
    /** The statement with them. */
    output: statement,
    writes: true,
  }),
  /** Withdraws the acceptance of such lines: they are held back again. Journalled with the reason. */
  'statements.withdrawHeld': defineCall({
    input: heldLinesInput,
    output: statement,
    writes: true,
  }),
  'statements.export': defineCall({
    input: statementInput.extend({
      format: z.enum(['csv', 'json', 'parquet']),
      destination: exportDestination.optional(),
    }),
    output: exportedFile,
  }),
};
