import { z } from 'zod';
import { billingId } from './billing.ts';
import { customerId, serviceId } from './customers.ts';
import {
  connectionId,
  defineCall,
  nothing,
  pageOf,
  pageRequest,
  ticket,
  timestamp,
  userId,
} from './define.ts';
import { limitInput } from './limits.ts';
import { accessKeyId, accountName } from './targets.ts';

const onboardingId = z.uuid();

/** Who is onboarded: pending orders, services without a user, or the lines of a table. */
const onboardingSource = z.discriminatedUnion('from', [
  z.object({ from: z.literal('orders'), billingId }),
  z.object({
    from: z.literal('services'),
    billingId: billingId.optional(),
    /** Omitted: every active or pending service without a user. */
    serviceIds: z.array(serviceId).min(1).max(10_000).optional(),
    /** Omitted: of every product. */
    productIds: z.array(z.string().min(1).max(120)).min(1).max(100).optional(),
  }),
  z.object({
    from: z.literal('csv'),
    text: z.string().max(20_000_000),
    /** Where client and service ids of the table are looked up; omitted: in every one. */
    billingId: billingId.optional(),
  }),
]);

/** What is written back to the billing system, once for each service. */
const writeBack = z.object({
  /** Where the service keeps the user id; omitted: nowhere. */
  place: z
    .union([
      z.literal('username'),
      /** By number, which is of one product only. */
      z.object({ customField: z.string().regex(/^\d{1,10}$/, 'the number of a custom field') }),
      /** By name: each product has its own field of it. */
      z.object({ customFieldNamed: z.string().trim().min(1).max(200) }),
    ])
    .optional(),
  /** Adds a note with user id and key id to the client. */
  note: z.boolean().default(false),
  /** Puts the secret key into that note: everybody who reads notes there can read it from then on. */
  secretInNote: z.boolean().default(false),
});

/** How an entry in the billing system ended; `unknown`: sent, and whether it is there can't be read. */
const writeBackState = z.enum(['written', 'unchanged', 'unknown', 'failed']);

/** What was written back, and why something was not. */
const writeBackResult = z.object({
  field: writeBackState.nullable(),
  note: writeBackState.nullable(),
  problems: z.array(z.string()),
  /** When it was tried last; omitted of what was tried before that was kept. */
  at: timestamp.optional(),
});

/**
 * The state of a row. `problem`: known before anything was sent; omitted of the run. `creating`: the
 * user may have been made; starting again looks for it first. `created`: the user is there, something
 * after it is not. `unwritten`: all is done but what was to be written back to the billing system.
 * Starting again does what is left of every row but these with a problem.
 */
const onboardingRowState = z.enum([
  'problem',
  'pending',
  'creating',
  'created',
  'unwritten',
  'done',
  'failed',
]);

const billingOrder = z.object({
  billingId: z.string(),
  externalId: z.string(),
  /** What people call it by. */
  number: z.string(),
  /** `Paid`, as the billing system says it; null where it does not. */
  payment: z.string().nullable(),
});

/** One new user. */
const onboardingRow = z.object({
  row: z.int(),
  /** Line of the table it came from. */
  line: z.int().nullable(),
  email: z.string(),
  /** The cluster the user is created on; null where none was named. */
  connectionId: z.string().nullable(),
  customerId: z.string().nullable(),
  customerName: z.string().nullable(),
  serviceId: z.string().nullable(),
  productName: z.string().nullable(),
  /** As the billing system said it when it was last read; null of a row without a service. */
  serviceStatus: z.string().nullable(),
  /** The pending order that the service is of, as the preview found it. */
  order: billingOrder.nullish(),
  planId: z.string().nullable(),
  planName: z.string().nullable(),
  /** 0 is unlimited; null: none is set. */
  quotaGb: z.string().nullable(),
  limits: limitInput.nullable(),
  accountName: z.string().nullable(),
  /** Why it can't be started, and what to do. */
  problem: z.object({ message: z.string(), hint: z.string() }).nullable(),
  /** The user that has the e-mail already, to be mapped in place of creating another. */
  existing: z.object({ connectionId: z.string(), userId: z.string() }).nullable(),
  /** The product of its service, where no service plan has it. */
  unplanned: z.object({ billingId: z.string(), productId: z.string() }).nullish(),
  /** What to look at, though it keeps nothing from being done. */
  cautions: z.array(z.string()),
  state: onboardingRowState,
  userId: z.string().nullable(),
  accessKeyId: z.string().nullable(),
  /** Why the last attempt failed. */
  error: z
    .object({
      message: z.string(),
      hint: z.string(),
      /** Omitted of what failed before that was kept. */
      at: timestamp.optional(),
    })
    .nullable(),
  /** Null where nothing was to be written back. */
  writeBack: writeBackResult.nullable(),
});

/** A run of sign-ups: previewed, at work, left half done, or finished. Holds no secret. */
const onboardingRun = z.object({
  onboardingId,
  title: z.string(),
  source: z.enum(['orders', 'services', 'csv']),
  createdAt: timestamp,
  createdBy: z.string(),
  /** `stopped`: by cancel or the end of the console; starting again continues. */
  state: z.enum(['prepared', 'running', 'stopped', 'finished']),
  total: z.int(),
  counts: z.record(onboardingRowState, z.int()),
  /** Rows whose user is there and whose service still waits for its order to be accepted. */
  unaccepted: z.int(),
  /** Clusters that users are created on, and what keeps each from being written to. */
  clusters: z.array(
    z.object({
      connectionId: z.string(),
      name: z.string(),
      hold: z.enum(['locked', 'read-only']).nullable(),
    }),
  ),
  writeBack: writeBack.nullable(),
  taskId: z.string().nullable(),
});

/** A run with a page of its rows. */
const onboardingPage = onboardingRun.extend({
  rows: z.array(onboardingRow),
  /** What changed since it was previewed; previewed again, it counts. Empty once it was started. */
  changed: z.array(z.enum(['plans', 'services'])),
});

/** One step of configuring a customer's tool. */
const toolLines = z.object({ tool: z.string(), text: z.string() });

/** Calls about sign-ups. They are console-wide: clusters are named by row. */
export const onboardingContract = {
  /** Finds whom to onboard and what keeps each row from it. Sends readings only. */
  'onboarding.prepare': defineCall({
    input: z.object({
      source: onboardingSource,
      /** Where users are created whose plan or line names no cluster. */
      connectionId: connectionId.optional(),
      /** The plan of rows whose product or line has none. */
      planId: z.uuid().optional(),
    }),
    output: onboardingPage,
    writes: true,
  }),
  /** Previews a run that was not started once more, as it was asked for, with what is known by now. */
  'onboarding.prepareAgain': defineCall({
    input: z.object({ onboardingId }),
    output: onboardingPage,
    writes: true,
  }),
  /** Services without a user, by what was last read: active or pending ones, and of these the pending. */
  'onboarding.counts': defineCall({
    input: z.object({}),
    output: z.object({ services: z.int(), pending: z.int() }),
  }),
  /**
   * Creates the users of a prepared run with quota, limits, mapping and key, or continues one that
   * was left half done. No user is created twice; a row that fails stops no other.
   */
  'onboarding.start': defineCall({
    input: z.object({
      onboardingId,
      /** Omitted: as at the last start. */
      writeBack: writeBack.optional(),
      ticket,
    }),
    output: z.object({ taskId: z.string() }),
    writes: true,
  }),
  'onboarding.get': defineCall({
    input: z.object({ onboardingId, state: onboardingRowState.optional(), ...pageRequest.shape }),
    output: onboardingPage,
  }),
  /** Newest first. */
  'onboarding.list': defineCall({
    input: z.object({ ...pageRequest.shape }),
    output: pageOf(onboardingRun),
  }),
  /** Forgets a run that was never started. */
  'onboarding.discard': defineCall({
    input: z.object({ onboardingId }),
    output: nothing,
    writes: true,
  }),
  /**
   * What a customer needs to use its storage. The secret is fetched from the gateway where it is asked
   * for, which is journalled, and kept nowhere.
   */
  'onboarding.handover': defineCall({
    input: z.object({
      connectionId,
      userId,
      /** Omitted: the user's own. */
      accountName: accountName.optional(),
      /** Omitted: the first of the user, or of the account. */
      accessKeyId: accessKeyId.optional(),
      withSecret: z.boolean().default(false),
    }),
    output: z.object({
      endpoint: z.string(),
      region: z.string(),
      email: z.string(),
      accessKeyId: z.string(),
      secretAccessKey: z.string().nullable(),
      tools: z.array(toolLines),
      /** The whole sheet as text. */
      text: z.string(),
      fileName: z.string(),
    }),
    revealsSecret: true,
  }),
  /**
   * The sheets of every new user of a run as one zip; secrets only where they are asked for, as
   * `onboarding.handover` does. `left`: users whose sheet could not be made, which the zip lacks.
   */
  'onboarding.handoverAll': defineCall({
    input: z.object({ onboardingId, withSecret: z.boolean().default(false) }),
    output: z.object({
      fileName: z.string(),
      mediaType: z.string(),
      base64: z.string(),
      sheets: z.int(),
      left: z.array(z.object({ email: z.string(), message: z.string(), hint: z.string() })),
    }),
    revealsSecret: true,
  }),
  /** Writes a mapped user back to the billing system; what was written before is not written again. */
  'onboarding.writeBack': defineCall({
    input: writeBack.extend({
      customerId,
      serviceId: serviceId.optional(),
      connectionId,
      userId,
      accessKeyId: accessKeyId.optional(),
      /** Adds the note once more where an earlier one is on record. */
      again: z.boolean().default(false),
      ticket,
    }),
    output: writeBackResult,
    writes: true,
  }),
};
