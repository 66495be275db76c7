import { z } from 'zod';
import { bulkRun } from './bulk.ts';
import { customerService, otherCustomer } from './customers.ts';
import {
  connectionId,
  defineCall,
  onConnection,
  pageOf,
  pageRequest,
  timestamp,
  userId,
  wireInteger,
} from './define.ts';

const page = z.object(pageRequest.shape);

/** A user without a customer, and what it costs meanwhile. */
const unpaidUser = z.object({
  connectionId: z.string(),
  userId: z.string(),
  email: z.string(),
  state: z.enum(['enabled', 'disabled', 'unknown']),
  /** As last seen; null where the user is newer than the bucket list. */
  currentBytes: wireInteger.nullable(),
  /** Of the month named next to the rows; null where no statistics of it are archived. */
  traffic: z.object({ uploaded: wireInteger, downloaded: wireInteger }).nullable(),
  /** Why nobody is to pay for it; null where somebody is. */
  notBilled: z.object({ reason: z.string(), at: timestamp, by: z.string() }).nullable(),
});

/** A service that is paid for and has no user. */
const unusedService = customerService.extend({
  customerId: z.string(),
  customerName: z.string(),
  email: z.string(),
  /** The customer's; null where it is not known. */
  currency: z.string().nullable(),
  billingId: z.string(),
  /** Whether it had a user, which its cluster has no more. */
  lost: z.boolean(),
  /** The cancellation that was finished here and ended it. */
  offboardingId: z.string().nullable(),
});

/** Where billing systems and clusters differ. */
export const customerChecksContract = {
  /** Users whose e-mail is that of a customer or of its owner, to be confirmed by a person. */
  'customers.suggestions': defineCall({
    input: page,
    output: pageOf(
      z.object({
        customerId: z.string(),
        customerName: z.string(),
        connectionId: z.string(),
        userId: z.string(),
        email: z.string(),
        matched: z.enum(['client', 'owner']),
        /** Several customers have this e-mail, or several users of one cluster. */
        ambiguous: z.boolean(),
        serviceId: z.string().nullable(),
      }),
    ),
  }),
  /** Maps every suggestion that is not ambiguous; `skipped`: those that are. */
  'customers.mapSuggested': defineCall({
    input: z.object({}),
    output: z.object({ mapped: z.int(), skipped: z.int() }),
    writes: true,
  }),
  /** Users that belong to no customer: those somebody is to pay for, or those nobody is. */
  'customers.unpaid': defineCall({
    input: page.extend({ notBilled: z.boolean().default(false) }),
    output: z.object({
      total: z.int(),
      /** How many nobody is to pay for. */
      notBilled: z.int(),
      /** Of those somebody is to pay for. */
      totalBytes: wireInteger,
      /** The last month that is over, UTC: `2026-10`. */
      month: z.string(),
      /** Whether a billing system was not read yet, whose customers may have any user: none is listed. */
      unread: z.boolean(),
      rows: z.array(unpaidUser),
    }),
  }),
  /** Marks a user as not billed, such as one for monitoring; with no reason, ends that. */
  'customers.setNotBilled': defineCall({
    input: z.object({ connectionId, userId, reason: z.string().trim().min(1).max(500).nullable() }),
    output: z.object({ notBilled: z.boolean() }),
    writes: true,
  }),
  /** Users that several customers have: each would pay for them. */
  'customers.shared': defineCall({
    input: page,
    output: pageOf(
      z.object({
        connectionId: z.string(),
        userId: z.string(),
        email: z.string(),
        customers: z.array(
          otherCustomer.extend({ gone: z.boolean(), mappedAt: timestamp, mappedBy: z.string() }),
        ),
      }),
    ),
  }),
  /** `onboardable`: all of them but those that a cancellation ended here. */
  'customers.unused': defineCall({
    input: page,
    output: pageOf(unusedService).extend({ onboardable: z.int() }),
  }),
  /** Suspended or terminated in the billing system and enabled on the cluster, and the reverse. */
  'customers.suspensionDrift': defineCall({
    input: page,
    output: pageOf(
      z.object({
        customerId: z.string(),
        customerName: z.string(),
        serviceId: z.string(),
        /** Its id in the billing system. */
        serviceExternalId: z.string(),
        productName: z.string(),
        /**
         * Nothing says which service is to pay for the user: it is the customer's as a whole, none of whose
         * services is to be served and the latest is named, or its own was deleted while others are there.
         */
        byHand: z.boolean(),
        /** As the billing system says it; `Deleted` where it no longer lists the service. */
        serviceStatus: z.string(),
        /** What the billing connection is called; empty where it is gone. */
        billingName: z.string(),
        connectionId: z.string(),
        userId: z.string(),
        email: z.string(),
        userState: z.enum(['enabled', 'disabled', 'unknown']),
        /** The cancellation in progress that decides on the user instead. */
        offboardingId: z.string().nullable(),
        /** What brings both together. */
        operation: z.enum(['users.enable', 'users.disable']),
      }),
    ).extend({
      /** How many users of each cluster a run changes: not those that are being cancelled or decided by hand. */
      clusters: z.array(z.object({ connectionId: z.string(), users: z.int() })),
      /** Pending services whose user is enabled: they wait for their order to be accepted. */
      pending: z.int(),
    }),
  }),
  /**
   * Prepares the bulk run that brings the users of one cluster into the state of their services: all but
   * those that are being cancelled, or the given ones of them.
   */
  'customers.suspensionRun': defineCall({
    input: onConnection.extend({ userIds: z.array(userId).min(1).max(1000).optional() }),
    output: bulkRun,
  }),
};
