import { z } from 'zod';
import { limitResources } from '../limit-resources.ts';
import { billingId } from './billing.ts';
import { customerId, serviceId } from './customers.ts';
import { connectionId, defineCall, pageRequest, timestamp, userId, wireInteger } from './define.ts';
import { limitInput, sizeGb } from './limits.ts';
import { accountName } from './targets.ts';

const planId = z.uuid();

const productId = z.string().min(1).max(120);

/** A product of a billing connection; null: of the first one that is added. */
const planProduct = z.object({ billingId: billingId.nullable(), productId });

const servicePlanBody = z.object({
  name: z.string().trim().min(1).max(120),
  /** 0 is unlimited. Omitted: the plan says nothing of the quota. */
  quotaGb: sizeGb.optional(),
  /** Omitted: the plan says nothing of limits. */
  limits: limitInput.optional(),
  tariffId: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/)
    .optional(),
  /** How new users of this plan are created. */
  newUsers: z
    .object({
      /** The cluster they are created on. */
      connectionId: connectionId.optional(),
      /** An account that each of them gets. */
      accountName: accountName.optional(),
    })
    .optional(),
});

/** A plan to save: a new one, or the next version of the one with this id. */
const newVersion = servicePlanBody.extend({
  id: planId.optional(),
  products: z.array(planProduct).max(100).default([]),
  /**
   * Products without their billing connection: of the only one there is, or the only one that lists
   * them; refused with `TARGET_AMBIGUOUS` where several could be meant.
   */
  productIds: z.array(productId).max(100).default([]),
});

/** A plan as it was saved. A version never changes; saving makes the next. */
const servicePlan = servicePlanBody.extend({
  /** Products whose services have this plan. */
  products: z.array(planProduct),
  /** Their ids alone, each once. */
  productIds: z.array(productId),
  quotaGb: wireInteger.optional(),
  id: planId,
  version: z.int(),
  retired: z.boolean(),
  /** Users and services that it was given to. */
  holders: z.int(),
  savedAt: timestamp,
  savedBy: z.string(),
});

const planHolder = z.union([z.object({ connectionId, userId }), z.object({ serviceId })]);

const planDifference = z.object({
  field: z.enum(['quotaGb', ...limitResources]),
  /** Null: the plan wants none. */
  wanted: z.union([z.number(), z.string()]).nullable(),
  /** Null: none is set. */
  found: z.union([z.number(), z.string()]).nullable(),
});

const planException = z.object({
  reason: z.string(),
  until: timestamp,
  /** Whether it is over: the user is to have its plan again. */
  ended: z.boolean(),
  createdAt: timestamp,
  createdBy: z.string(),
  /** Whether it is a temporary raise, and ends with that. */
  raised: z.boolean(),
});

const planUser = z.object({ connectionId, userId });

/** Of which users differences are meant: of all that all of these fit. */
const driftFilter = {
  id: planId.optional(),
  /** Part of a user's e-mail or id, or of its customer's name. */
  search: z.string().max(200).optional(),
};

const planName = z.object({ id: planId, name: z.string(), version: z.int() });

/** A user that differs from its plan, as last seen. */
const planDrift = z.object({
  connectionId: z.string(),
  userId: z.string(),
  email: z.string(),
  customerId: z.string().nullable(),
  customerName: z.string().nullable(),
  planId: z.string(),
  planName: z.string(),
  version: z.int(),
  differences: z.array(planDifference),
  /** The change of quota or limits on record in the journal that came last; null: none since `given`. */
  cause: z
    .object({ at: timestamp, operator: z.string(), title: z.string(), journalId: z.string() })
    .nullable(),
  /** What came after that: the plan was given to the user, or its version saved; null: neither is known. */
  given: z
    .object({ kind: z.enum(['assigned', 'version']), at: timestamp, by: z.string() })
    .nullable(),
  /** The exception that was granted, running or over. */
  exception: planException.nullable(),
  /**
   * `exact`: when the cause arose or the plan was given. Else that is not known: `after` the user was last
   * seen as its plan says, or `before` it was first compared.
   */
  since: z.object({ at: timestamp, is: z.enum(['exact', 'after', 'before']) }),
  /** When quota and limits were last read. */
  asOf: timestamp,
});

/** Calls about service plans. They are console-wide: no `connectionId`. */
export const servicePlansContract = {
  'servicePlans.list': defineCall({
    input: z.object({ retired: z.boolean().default(false) }),
    output: z.array(
      servicePlan.extend({
        /** Users whose plan it is: by themselves, by a service or by a product. */
        users: z.int(),
      }),
    ),
  }),
  /** Products that billing connections list, or have services of, by name. */
  'servicePlans.products': defineCall({
    input: z.object({}),
    output: z.array(
      z.object({
        billingId: z.string(),
        productId: z.string(),
        name: z.string(),
        /** Services of it. */
        services: z.int(),
      }),
    ),
  }),
  /** Saves a new plan, or the next version of one. */
  'servicePlans.save': defineCall({ input: newVersion, output: servicePlan, writes: true }),
  /** Who would have a plan if it were saved so. Saves nothing. */
  'servicePlans.preview': defineCall({
    input: newVersion.omit({ name: true }),
    output: z.object({
      users: z.int(),
      /** How many of them differ from it, by what was last read. */
      differing: z.int(),
      /** Of how many nothing was read yet. */
      unknown: z.int(),
      /** How many have the plan now, and would not then. */
      losing: z.int(),
    }),
  }),
  /** Takes a plan off the list; who has it keeps it. */
  'servicePlans.retire': defineCall({
    input: z.object({ id: planId }),
    output: servicePlan,
    writes: true,
  }),
  /** Gives a user or a service a plan, or takes it back with `id: null`. Sends nothing to the gateway. */
  'servicePlans.assign': defineCall({
    input: z.object({ id: planId.nullable(), holder: planHolder }),
    output: z.object({ assigned: z.boolean() }),
    writes: true,
  }),
  /** Users that differ from their plan, over all clusters, by what was last read of them. */
  'servicePlans.drift': defineCall({
    input: z.object({
      ...driftFilter,
      connectionId: connectionId.optional(),
      customerId: customerId.optional(),
      /** Users with a running exception too. */
      excepted: z.boolean().default(false),
      ...pageRequest.shape,
    }),
    output: z.object({
      total: z.int(),
      /** Users with a plan of whom nothing was read yet: read the inventory of their cluster. */
      unknown: z.int(),
      /** Users that differ and may, for now. */
      excepted: z.int(),
      /** How many without a running exception each cluster has. */
      clusters: z.array(z.object({ connectionId: z.string(), users: z.int() })),
      rows: z.array(planDrift),
    }),
  }),
  /** The plan in force of each service and user of a customer; those without one are omitted. */
  'servicePlans.ofCustomer': defineCall({
    input: z.object({ customerId }),
    output: z.object({
      services: z.array(z.object({ serviceId: z.string(), plan: planName })),
      users: z.array(z.object({ connectionId: z.string(), userId: z.string(), plan: planName })),
    }),
  }),
  /** Who has a plan, and by what. */
  'servicePlans.holders': defineCall({
    input: z.object({ id: planId }),
    output: z.array(
      z.object({
        /** Null: of a product. */
        holder: planHolder.nullable(),
        name: z.string(),
        connectionId: z.string().nullable(),
        userId: z.string().nullable(),
        customerId: z.string().nullable(),
        customerName: z.string().nullable(),
      }),
    ),
  }),
  /** Lets a user differ from its plan until a time; sends nothing to the gateway. */
  'servicePlans.except': defineCall({
    input: planUser.extend({ reason: z.string().trim().min(1).max(500), until: timestamp }),
    output: planException,
    writes: true,
  }),
  /** Ends an exception before its time. */
  'servicePlans.endException': defineCall({
    input: planUser,
    output: z.object({ ended: z.boolean() }),
    writes: true,
  }),
  /** A table for `bulk.preview` that gives the users of a cluster what their plans say again. */
  'servicePlans.fix': defineCall({
    input: z.object({
      ...driftFilter,
      connectionId,
      /** Omitted: everyone who differs and has no running exception. */
      userIds: z.array(userId).min(1).max(100_000).optional(),
    }),
    output: z.object({ users: z.int(), text: z.string() }),
  }),
};
