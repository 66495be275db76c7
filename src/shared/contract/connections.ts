import { z } from 'zod';
import { readFingerprint, withoutInvisible } from '../plain-text.ts';
import { appErrorData, connectionId, defineCall, nothing, timestamp } from './define.ts';

/** What kind of cluster a connection leads to; sets the guards. */
export const environment = z.enum(['production', 'staging', 'lab']);

/** How requests are signed; `auto` finds out once and remembers. */
const signature = z.enum(['auto', 'v2', 'v2-unsigned-payload', 'v4']);

/** What is trusted besides the system's store: a certificate authority, or one pinned certificate. */
export const tlsTrust = z.object({
  /** Certificates as an authority hands them out, in PEM; core stores what it can read of them. */
  ca: z.string().min(1).max(4_000_000).optional(),
  fingerprint256: z
    .string()
    .max(1000)
    .overwrite((text) => readFingerprint(text) ?? text)
    .regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/, 'a SHA-256 fingerprint has 32 hexadecimal pairs')
    .optional(),
});

const proxyFields = {
  mode: z.enum(['system', 'direct', 'manual']),
  /** `http://host:port`, `https://…`, `socks5://…` or `socks4://…`. */
  url: z.string().overwrite(withoutInvisible).max(2000).optional(),
  username: z.string().min(1).max(256).optional(),
};

/** Which proxy requests take; its password is with the secrets. */
export const proxy = z.object({ ...proxyFields, hasPassword: z.boolean().optional() });

/**
 * A proxy as it is entered. A password omitted: the stored one stays, for the same user of the same
 * proxy; null: it is forgotten.
 */
export const proxyInput = z.object({
  ...proxyFields,
  password: z.string().min(1).max(256).nullable().optional(),
});

/** Characters of a field pack in Base64, of one with what was last seen: 48 MB. */
export const longestPack = 64_000_000;

/** Seconds the gateway may be silent where a connection does not say. */
export const usualTimeoutSeconds = 60;

const connectionFields = {
  name: z.string().trim().min(1).max(120),
  /** The folder it is listed in. */
  group: z.string().trim().min(1).max(60).optional(),
  /** Listed first in the switcher. */
  favourite: z.boolean().optional(),
  endpoint: z.string().overwrite(withoutInvisible).min(1).max(2000),
  accessKeyId: z.string().overwrite(withoutInvisible).min(1).max(128),
  environment,
  readOnly: z.boolean().default(false),
  /** The secret key is kept in memory until the console closes, and in no keychain. */
  sessionOnlySecret: z.boolean().optional(),
  /** The secret key is kept nowhere: it is asked for when the cluster is opened, and forgotten when idle. */
  askForSecret: z.boolean().optional(),
  /** Over plain http to another machine, secret keys are generated and shown only where this is set. */
  secretsOverPlainHttp: z.boolean().optional(),
  signature: signature.default('auto'),
  region: z.string().trim().min(1).max(64).optional(),
  /** Id of the object storage volume (`ostor-ctl get-config`), for the lines of `ostor-s3-admin`. */
  volumeId: z
    .string()
    .overwrite(withoutInvisible)
    .regex(/^[0-9a-f]{1,32}$/i, 'a volume id is hexadecimal, as ostor-ctl get-config prints it')
    .optional(),
  tls: tlsTrust.optional(),
  maxConnections: z.int().min(1).max(64).default(8),
  /** Seconds the gateway may be silent within a request; whole lists are given three times as long. */
  timeoutSeconds: z.int().min(1).max(600).optional(),
};

/** How long a lock lets changes through. */
export const minutesUnlocked = z.int().min(1).max(480).default(15);

/** The gateway showed another certificate than the pinned one: changes are off until somebody decides. */
export const pinAlarm = z.object({
  pinned: z.string(),
  /** Null where it showed none. */
  shown: z.string().nullable(),
  at: z.iso.datetime(),
});

/** Where and when a cluster was seen that was opened from a field pack. */
export const fieldPackOrigin = z.object({
  /** The operator and the computer that made the pack. */
  operator: z.string().min(1).max(200),
  computer: z.string().min(1).max(255),
  packedAt: timestamp,
  /** While the data is of this time, it is that of the pack. */
  asOf: timestamp,
});

/** A saved connection as the interface sees it: with everything but the secret. */
export const connection = z.object({
  id: connectionId,
  ...connectionFields,
  proxy: proxy.optional(),
  /** Whether a secret is available for it. */
  hasCredential: z.boolean(),
  /** Where that secret is; omitted where there is none. */
  credentialStore: z.enum(['keychain', 'memory']).optional(),
  /** The signature that `auto` found the gateway to take. */
  detectedSignature: signature.exclude(['auto']).optional(),
  /** By which parameters the gateway was found to let users be named; the guide knows the e-mail alone. */
  detectedSelectors: z.array(z.enum(['emailAddress', 'id'])).optional(),
  /** Names of the fields that the administrator's policy sets; such a connection can't be removed. */
  managedFields: z.array(z.string()).optional(),
  /** Stays until another pin is saved, or a test sees the pinned certificate again. */
  pinAlarm: pinAlarm.optional(),
  /** Set where it was opened from a field pack: until a refresh from here it shows what was seen there. */
  fieldPack: fieldPackOrigin.optional(),
  /** The in-process demo cluster: not saved, not removable. */
  demo: z.boolean(),
  /** Until when writes on this locked `production` connection are unlocked. */
  unlockedUntil: z.iso.datetime().optional(),
  /** Why a change would be refused now, as the error that it would end with; null where changes go. */
  hold: appErrorData.nullable(),
});

/** What else the console asks of a gateway: each is tried for itself, and none fails a test. */
const serviceSteps = ['keys', 'buckets', 'limits', 'quotas', 'statistics'] as const;

/** The steps of a connection test: each needs the one before, but for the services at the end. */
export const probeSteps = [
  'endpoint',
  'name',
  'connect',
  'certificate',
  'clock',
  'route',
  'signature',
  'rights',
  'selector',
  ...serviceSteps,
] as const;

/** Encrypts a file of connections: whoever has the file can try passphrases without end. */
const filePassphrase = z.string().min(12, 'a passphrase has 12 characters or more').max(1000);

const testStep = z.object({
  name: z.enum(probeSteps),
  ok: z.boolean(),
  /** `caution`: it works, with something to know; `not-tried`: a step before it failed. */
  state: z.enum(['passed', 'caution', 'failed', 'not-tried']),
  detail: z.string(),
  /** What to do, where there is something. */
  hint: z.string().optional(),
  /** How long it took; 0 where an earlier request answered it too, omitted where not tried. */
  milliseconds: z.int().optional(),
});

/** A certificate a gateway showed: what a person compares before pinning it. */
export const certificateFacts = z.object({
  fingerprint256: z.string(),
  subject: z.string(),
  issuer: z.string(),
  validFrom: z.iso.datetime(),
  validTo: z.iso.datetime(),
  selfSigned: z.boolean(),
});

const secretKey = z.string().overwrite(withoutInvisible).min(1).max(256);

const entered = z.object({
  id: connectionId.optional(),
  ...connectionFields,
  proxy: proxyInput.optional(),
  /** Omitted: the stored one stays. */
  secretKey: secretKey.optional(),
});

/** A field pack as a file; the call that makes one holds to the same limit. */
const packFile = z.object({ contentBase64: z.string().min(1).max(longestPack) });

const packSummary = z.object({
  ...{ name: connectionFields.name, endpoint: z.string(), accessKeyId: z.string(), environment },
  readOnly: z.boolean(),
  /** How its gateway is trusted besides the system's store; null: by that alone. */
  trust: z.enum(['authority', 'pin']).nullable(),
  origin: fieldPackOrigin,
  users: z.int(),
  buckets: z.int(),
  plans: z.array(z.object({ name: z.string(), changes: z.int(), createdBy: z.string() })),
  /** The connection of the same cluster: same address, and users in common where both have any. */
  sameAs: z
    .object({
      id: connectionId,
      name: z.string(),
      asOf: timestamp.nullable(),
      /** It was opened from an earlier pack: what was seen in this one takes the place. */
      takesSeen: z.boolean(),
    })
    .nullable(),
  /** Another connection has its name. */
  nameTaken: z.boolean(),
});

/** Calls about saved connections. They take no `connectionId`. */
export const connectionsContract = {
  'connections.list': defineCall({ input: z.object({}), output: z.array(connection) }),
  'connections.save': defineCall({ input: entered, output: connection, writes: true }),
  /**
   * Folders with archives that no connection names: `connections.json` was lost. `connection` is the
   * copy kept in the folder; null in one of an older console, whose connection is saved with this id.
   */
  'connections.orphans': defineCall({
    input: z.object({}),
    output: z.array(
      z.object({
        id: connectionId,
        path: z.string(),
        bytes: z.int(),
        objects: z.int().nullable(),
        journalEntries: z.int().nullable(),
        connection: z
          .object({ name: z.string(), endpoint: z.string(), accessKeyId: z.string() })
          .nullable(),
      }),
    ),
  }),
  /** Saves the connection of an orphaned folder again, as its copy has it. */
  'connections.recover': defineCall({
    input: z.object({ id: connectionId }),
    output: connection,
    writes: true,
  }),
  /**
   * Tests a saved connection, or one as it is entered: that one is not saved, and its secret is used
   * for the test alone. Of the two exactly one is given.
   */
  'connections.test': defineCall({
    input: z
      .object({ id: connectionId.optional(), entered: entered.optional() })
      .refine(
        (input) => (input.id === undefined) !== (input.entered === undefined),
        'name a saved connection, or give one as it is entered',
      ),
    output: z.object({
      ok: z.boolean(),
      steps: z.array(testStep),
      /** The certificate the gateway showed, where it is not trusted: to compare and pin. */
      fingerprint256: z.string().optional(),
      /** All that is to be compared of that certificate. */
      certificate: certificateFacts.optional(),
    }),
  }),
  /**
   * Gathers for support, in one zip, the steps of a test, versions, settings, the redacted log and
   * summaries of coverage and journal: no secret.
   */
  'connections.fieldPack': defineCall({
    input: z.object({
      id: connectionId,
      /** Also what was last seen of the cluster, and its change plans: another console opens it. */
      withSeen: z.boolean().default(false),
    }),
    output: z.object({ fileName: z.string(), mediaType: z.string(), base64: z.string() }),
  }),
  /** Says what a field pack with what was last seen holds; nothing is changed. */
  'connections.readPack': defineCall({ input: packFile, output: packSummary }),
  /**
   * Adds the cluster of a field pack, as it was seen there, with its change plans. Of a cluster that is
   * here already only the plans are taken, each once; what was seen here is kept where it is newer, or
   * was read from the gateway. Journalled.
   */
  'connections.openPack': defineCall({
    input: packFile.extend({
      /** Another name than the pack's, where that is taken. */
      name: connectionFields.name.optional(),
      /** The connection of the same cluster that takes the plans. */
      into: connectionId.optional(),
    }),
    output: z.object({
      id: connectionId,
      /** Plans that were not here yet. */
      plans: z.int(),
      /** Whether what was seen there is shown now. */
      seen: z.boolean(),
    }),
    writes: true,
  }),
  /** Puts connections, guards included, into a file that a passphrase encrypts; secrets only if asked. */
  'connections.export': defineCall({
    input: z.object({
      /** Omitted: all saved ones. */
      ids: z.array(connectionId).min(1).max(10_000).optional(),
      passphrase: filePassphrase,
      withSecrets: z.boolean().default(false),
    }),
    output: z.object({
      fileName: z.string(),
      mediaType: z.string(),
      content: z.string(),
      connections: z.int(),
      /** Names of those whose secret was asked for and can't be read. */
      withoutSecret: z.array(z.string()),
    }),
  }),
  /** Adds the connections of such a file. Those whose name is taken, or that can't be read, are named. */
  'connections.import': defineCall({
    input: z.object({ content: z.string().min(1).max(16_000_000), passphrase: filePassphrase }),
    output: z.object({
      added: z.array(z.object({ id: connectionId, name: z.string() })),
      skipped: z.array(z.object({ name: z.string(), reason: z.string() })),
    }),
    writes: true,
  }),
  /** Reads a file of certificates, whatever its form, for the form of a connection. */
  'connections.readCertificates': defineCall({
    input: z.object({ contentBase64: z.base64().max(6_000_000) }),
    output: z.object({ pem: z.string(), certificates: z.array(certificateFacts) }),
  }),
  'connections.remove': defineCall({
    input: z.object({ id: connectionId }),
    output: nothing,
    writes: true,
  }),
  /** Takes the secret key alone: of a connection that asks each time, or whose entry is gone. */
  'connections.enterSecret': defineCall({
    input: z.object({ id: connectionId, secretKey: secretKey }),
    output: connection,
    writes: true,
  }),
  /** Lists the demo cluster with the saved connections until it is removed or the console closes. */
  'connections.openDemo': defineCall({ input: z.object({}), output: connection, writes: true }),
  /** Lets writes through to a `production` connection for a while; it locks automatically. */
  'connections.unlock': defineCall({
    input: z.object({ id: connectionId, minutes: minutesUnlocked }),
    output: connection,
    writes: true,
  }),
  'connections.lock': defineCall({
    input: z.object({ id: connectionId }),
    output: connection,
    writes: true,
  }),
};
