import { z } from 'zod';
import {
  appErrorData,
  connectionId,
  defineCall,
  onConnection,
  pageOf,
  pageRequest,
  timestamp,
} from './define.ts';
import { operationName } from './operations.ts';
import { operationTarget } from './targets.ts';

/**
 * How a journalled write ended. `open`: the console ended between intent and result. `sent`: the
 * gateway took it, reading back did not show it. `unknown`: no answer, and it was not seen.
 * `refused`: the gateway or the console said no. `unchanged`: nothing had to be sent. `done`: it
 * changes nothing on the gateway (a secret shown, a cluster unlocked), so nothing is read back.
 */
export const journalResult = z.enum([
  'open',
  'verified',
  'sent',
  'unknown',
  'refused',
  'unchanged',
  'done',
]);

export const journalTarget = operationTarget.extend({
  kind: z.enum([...operationTarget.shape.kind.options, 'connection']),
});

const journalFields = z.record(z.string(), z.string().nullable());

/** One write in the journal: its intent, its result, and what later readings showed. */
const journalRow = z.object({
  journalId: z.string(),
  /** Place of the intent in the chain. */
  sequence: z.int(),
  at: timestamp,
  endedAt: timestamp.nullable(),
  /** The operator's name at the operating system. */
  operator: z.string(),
  connectionName: z.string(),
  endpoint: z.string(),
  operation: z.string(),
  title: z.string(),
  target: journalTarget,
  before: journalFields,
  after: journalFields,
  /** Method and URL of each request that wrote, without signature; empty where nothing had to be sent. */
  requests: z.array(z.string()),
  result: journalResult,
  requestId: z.string().nullable(),
  ticket: z.string().nullable(),
  /** The bulk run this write belongs to. */
  runId: z.string().nullable(),
  /** Why a row of a run was done, in words. */
  reason: z.string().nullable(),
  error: appErrorData.nullable(),
  /** The operation that brings the values before back; omitted where nothing can. */
  inverse: z
    .object({
      operation: operationName,
      title: z.string(),
      input: z.record(z.string(), z.unknown()),
    })
    .optional(),
  /** In a folded list: the run whose entries this row stands for. Its other fields are of the newest. */
  run: z
    .object({
      title: z.string(),
      /** Of the run's entries those that match. */
      entries: z.int(),
      results: z.partialRecord(journalResult, z.int()),
    })
    .optional(),
});

/** Names a merged journal: SHA-256, hexadecimal. */
const journalChainId = z.string().regex(/^[0-9a-f]{64}$/);

export const journalChain = z.object({
  chain: journalChainId,
  entries: z.int(),
  from: timestamp,
  to: timestamp,
  /** The operators' names at their operating systems, 20 at most. */
  operators: z.array(z.string()),
  /** Whether every entry is as it was written and none is missing between them. */
  ok: z.boolean(),
});

export const journalFilter = z.object({
  journalId: z.string().optional(),
  operation: z.string().optional(),
  /** The operator's name at the operating system. */
  operator: z.string().max(400).optional(),
  result: journalResult.optional(),
  /** User id, bucket name … of the target. */
  targetId: z.string().optional(),
  runId: z.string().optional(),
  from: timestamp.optional(),
  to: timestamp.optional(),
  /**
   * A journal merged from another workstation's archive (`journal.chains`). Omitted: this archive's own, or
   * that of the run or entry which is asked for by its id.
   */
  chain: journalChainId.optional(),
});

const narrowing = {
  /** Any part of target, operator, ticket, reason or request id. */
  search: z.string().max(200).optional(),
  filter: journalFilter.optional(),
};

const journalQuery = onConnection.extend(narrowing);

const journalPage = {
  /** Id of one entry or run: yields it alone, and only where it matches the rest. */
  only: z.string().min(1).max(255).optional(),
  /** Whether the entries of one run are one row. */
  folded: z.boolean().default(false),
  ...pageRequest.shape,
};

/** What recomputing the chain of a journal shows. */
export const journalCheck = z.object({
  ok: z.boolean(),
  /** Records of the chain: an intent and each outcome are one each. */
  entries: z.int(),
  /** Entries as the journal's list counts them: an intent with its outcome. */
  acts: z.int(),
  /** Hash of the last entry; null in an empty journal. */
  head: z.string().nullable(),
  /** Whether the end is remembered under a key in the keychain, which this check took into account. */
  sealed: z.boolean(),
  problems: z.array(
    z.object({
      kind: z.enum(['changed', 'missing', 'reordered', 'truncated', 'forged']),
      sequence: z.int(),
      detail: z.string(),
    }),
  ),
});

/** Calls about the journal: append-only, hash-chained, in the archive. */
export const journalContract = {
  'journal.list': defineCall({
    /** Newest first. */
    input: journalQuery.extend(journalPage),
    output: pageOf(journalRow),
  }),
  /** The journals of all clusters, merged by time, newest first. */
  'journal.everywhere': defineCall({
    input: z.object({ ...narrowing, ...journalPage }),
    output: pageOf(journalRow.extend({ connectionId })).extend({
      /** Clusters whose journal could not be read. */
      unread: z.array(z.object({ connectionId, connectionName: z.string(), reason: z.string() })),
    }),
  }),
  /** The operators of a cluster's journal, or of all. */
  'journal.operators': defineCall({
    input: z.object({ connectionId: connectionId.optional() }),
    output: z.array(z.string()),
  }),
  'journal.export': defineCall({
    input: journalQuery.extend({ format: z.enum(['csv', 'json']) }),
    output: z.object({ fileName: z.string(), mediaType: z.string(), content: z.string() }),
  }),
  /** Journals merged from other workstations' archives, each with its chain recomputed. */
  'journal.chains': defineCall({
    input: onConnection,
    output: z.array(journalChain.extend({ source: z.string(), mergedAt: timestamp })),
  }),
  /**
   * Says where the journal ends now, for keeping where whoever can change this computer can't change it:
   * a file, and a bucket of another cluster where one is named.
   */
  'journal.anchor': defineCall({
    input: onConnection.extend({
      to: z.object({ connectionId, bucket: z.string().trim().min(1).max(255) }).optional(),
    }),
    output: z.object({
      fileName: z.string(),
      mediaType: z.string(),
      content: z.string(),
      entries: z.int(),
      head: z.string(),
      /** Cluster, bucket and object; null where it is only the file. */
      storedAt: z.string().nullable(),
    }),
    writes: true,
  }),
  /**
   * Compares the journal with an anchor; what does not match is an entry from then on. An anchor of
   * another journal is refused with `ANCHOR_FOREIGN`, and nothing is recorded.
   */
  'journal.checkAnchor': defineCall({
    input: onConnection.extend({ content: z.string().min(1).max(100_000) }),
    output: z.object({
      holds: z.boolean(),
      detail: z.string(),
      /** Records that were anchored, when and by whom. */
      entries: z.int(),
      at: timestamp,
      operator: z.string(),
    }),
    writes: true,
  }),
  /** Recomputes the chain and names every entry that was changed, is missing or out of order. */
  'journal.verify': defineCall({
    input: onConnection,
    output: journalCheck,
  }),
};
