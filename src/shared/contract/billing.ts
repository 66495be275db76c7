import { z } from 'zod';
import {
  certificateFacts,
  environment,
  minutesUnlocked,
  pinAlarm,
  proxy,
  proxyInput,
  tlsTrust,
} from './connections.ts';
import { appErrorData, defineCall, nothing, timestamp } from './define.ts';

export const billingId = z.string().regex(/^[a-z0-9-]{1,64}$/);

/** Kinds of billing systems: WHMCS, or a table for any other or none. */
const billingKind = z.enum(['whmcs', 'file']);

/** What a billing system can do besides listing customers and services. */
const billingCapability = z.enum(['orders', 'drafts', 'items', 'notes', 'service-fields', 'usage']);

const secretText = z.string().trim().min(1).max(500);

/** Timeout of a request without data from the billing system, seconds; omitted: 30. */
const timeoutSeconds = z.int().min(1).max(600).optional();

/** A billing connection as the interface sees it: with everything but its secrets. */
export const billingConnection = z.object({
  id: billingId,
  name: z.string(),
  kind: billingKind,
  url: z.string().optional(),
  /** Where staff open WHMCS in a browser; omitted where it is not known: nothing links there then. */
  adminUrl: z.string().optional(),
  identifier: z.string().optional(),
  /** Omitted where nobody said which one it is: it has no lock then. */
  environment: environment.optional(),
  /** Until when a `production` one that is locked takes changes. */
  unlockedUntil: z.iso.datetime().optional(),
  readOnly: z.boolean(),
  tls: tlsTrust.optional(),
  /** Stays until another pin is saved, or a test sees the pinned certificate again. */
  pinAlarm: pinAlarm.optional(),
  proxy: proxy.optional(),
  timeoutSeconds,
  /** Why nothing may be sent to it now; omitted where changes are let through. */
  hold: appErrorData.optional(),
  hasCredential: z.boolean(),
  hasAccessKey: z.boolean(),
  capabilities: z.array(billingCapability),
  /** When customers and services were last read; null before the first time. */
  asOf: timestamp.nullable(),
  customers: z.int(),
  services: z.int(),
  /** The WHMCS next to the demo cluster: gone with it. */
  demo: z.literal(true).optional(),
  /** Why the last refresh of this session failed; omitted where it did not. */
  problem: z.object({ at: timestamp, message: z.string(), hint: z.string() }).optional(),
  /** It is being read now; omitted otherwise. */
  refreshing: z.literal(true).optional(),
});

/** Who sends statements: the letterhead and terms of their PDFs. Empty until it is set. */
const billingProvider = z.object({
  name: z.string().trim().max(200),
  /** Lines of an address. */
  address: z.string().trim().max(1000),
  taxId: z.string().trim().max(100),
  /** Payment terms and whatever else is at the end. */
  terms: z.string().trim().max(5000),
  /** PNG or JPEG as a data URL. */
  logo: z
    .string()
    .max(700_000)
    .regex(/^data:image\/(png|jpeg);base64,[A-Za-z0-9+/=]+$/)
    .nullable(),
});

/** Calls about billing connections. They take no `connectionId`. */
export const billingContract = {
  'billing.list': defineCall({ input: z.object({}), output: z.array(billingConnection) }),
  'billing.save': defineCall({
    input: z.object({
      id: billingId.optional(),
      name: z.string().trim().min(1).max(120),
      kind: billingKind,
      /** Base address of WHMCS. */
      url: z.string().trim().min(1).max(2000).optional(),
      /** Address of its admin area, whose directory may be renamed: `https://billing.example.com/admin`. */
      adminUrl: z.string().trim().min(1).max(2000).optional(),
      identifier: z.string().trim().min(1).max(200).optional(),
      /** Omitted: the stored one stays. */
      secret: secretText.optional(),
      /**
       * Lets WHMCS answer from addresses that are not on its list. Omitted: the stored one stays; null:
       * it is forgotten.
       */
      accessKey: secretText.nullable().optional(),
      /** The table of customers and services of a `file`. Omitted: the stored one stays. */
      csv: z.string().max(64_000_000).optional(),
      /** Omitted: it stays as it is. */
      environment: environment.optional(),
      readOnly: z.boolean().default(false),
      tls: tlsTrust.optional(),
      proxy: proxyInput.optional(),
      timeoutSeconds,
    }),
    output: billingConnection,
    writes: true,
  }),
  'billing.provider': defineCall({ input: z.object({}), output: billingProvider }),
  'billing.setProvider': defineCall({
    input: billingProvider,
    output: billingProvider,
    writes: true,
  }),
  'billing.test': defineCall({
    input: z.object({ id: billingId }),
    output: z.object({
      ok: z.boolean(),
      steps: z.array(
        z.object({
          name: z.string(),
          ok: z.boolean(),
          state: z.enum(['passed', 'caution', 'failed', 'not-tried']),
          detail: z.string(),
          hint: z.string().optional(),
        }),
      ),
      /** The certificate that was shown, where it is not trusted: to compare and pin. */
      certificate: certificateFacts.optional(),
    }),
  }),
  /** Lets what is sent to a `production` billing system through for a while; it locks automatically. */
  'billing.unlock': defineCall({
    input: z.object({ id: billingId, minutes: minutesUnlocked }),
    output: billingConnection,
    writes: true,
  }),
  'billing.lock': defineCall({
    input: z.object({ id: billingId }),
    output: billingConnection,
    writes: true,
  }),
  /** Reads customers, services and products; what is under way is joined. */
  'billing.refresh': defineCall({
    input: z.object({ id: billingId }),
    output: z.object({ customers: z.int(), services: z.int(), asOf: timestamp }),
  }),
  /** Removes the connection and its secrets; customers, mappings and their data stay. */
  'billing.remove': defineCall({
    input: z.object({ id: billingId }),
    output: nothing,
    writes: true,
  }),
};
