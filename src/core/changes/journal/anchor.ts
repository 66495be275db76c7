import { z } from 'zod';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { formatCount, formatCounted } from '#shared/counted.ts';
import { AppError, invalidInput } from '#shared/errors.ts';
import { exportName } from '#shared/plain-text.ts';
import type { ClusterWork } from '../../clusters/archives.ts';
import { encodePath } from '../../gateway/model/request.ts';
import { putObjectRequest } from '../../gateway/requests/buckets.ts';
import { printedMinute } from '../../platform/printed-time.ts';
import type { Archive } from '../../store/archive/archive.ts';
import { aboutConnection } from '../../store/archive/journal-port.ts';
import { mismatchOperation } from '../../store/archive/queries/journal-head.ts';
import { type Journal, operatorName } from './journal.ts';

export interface AnchorSources extends Pick<ClusterWork, 'clusters' | 'archives'> {
  journal: Journal;
}

/** Where a journal ended at some time, to be kept where nobody who can change the journal can change it. */
const anchorFacts = z.object({
  format: z.literal('ostor-journal-anchor'),
  connectionId: z.string(),
  cluster: z.string(),
  entries: z.int().min(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.iso.datetime(),
  operator: z.string(),
});

const sealedAnchor = anchorFacts.extend({
  version: z.literal(2),
  /** The journal's identity. */
  journal: z.string(),
  /** Null: the journal had no key in a keychain. */
  seal: z.object({ journal: z.string(), key: z.string(), mac: z.string() }).nullable(),
});

type SealedAnchor = z.output<typeof sealedAnchor>;

const anchorFile = z.discriminatedUnion('version', [
  /** Of earlier consoles: only the connection identifies the journal. */
  anchorFacts.extend({ version: z.literal(1) }),
  sealedAnchor,
]);

type Anchor = z.output<typeof anchorFile>;

/**
 * Makes an anchor of the journal as it ends now and, where asked, puts it into a bucket of another
 * cluster. Both are on record.
 * @throws AppError `INPUT_INVALID` for a bucket of the same cluster
 */
export async function anchorJournal(
  sources: AnchorSources,
  { connectionId, to }: ParsedInput<'journal.anchor'>,
  signal: AbortSignal,
): Promise<CallOutput<'journal.anchor'>> {
  const { clusters, archives, journal } = sources;
  if (to?.connectionId === connectionId) throw sameCluster();
  const { connection } = await clusters.get(connectionId);
  await journal.note({
    ...aboutConnection(connection),
    operation: 'journal.anchor',
    title: 'Anchor journal',
    before: {},
    after: {
      journal: to
        ? `to be anchored in bucket ${to.bucket} of another cluster`
        : 'anchored in a file',
    },
  });
  const archive = await archives.get(connectionId);
  const identity = await archive.write('identifyJournal');
  const { entries, hash } = await archive.read('journalHead');
  const at = new Date().toISOString();
  const facts: Omit<SealedAnchor, 'seal'> = {
    format: 'ostor-journal-anchor',
    version: 2,
    journal: identity,
    connectionId,
    cluster: connection.name,
    ...{ entries, hash, at, operator: operatorName() },
  };
  const anchor: SealedAnchor = { ...facts, seal: await archive.read('sealFacts', facts) };
  const fileName = exportName(
    ['journal-anchor', connection.name, at.replaceAll(/[-:]|\.\d+/g, '')],
    'json',
  );
  const content = `${JSON.stringify(anchor, null, 2)}\n`;
  const storedAt = to ? await store(sources, to, fileName, content, signal) : null;
  return { fileName, mediaType: 'application/json', content, entries, head: hash, storedAt };
}

type Place = NonNullable<ParsedInput<'journal.anchor'>['to']>;

/** Puts the anchor into the bucket; the journal of that cluster records it. */
async function store(
  { clusters, journal }: AnchorSources,
  { connectionId, bucket }: Place,
  key: string,
  content: string,
  signal: AbortSignal,
): Promise<string> {
  const other = await clusters.get(connectionId);
  const { connection } = other;
  const request = putObjectRequest(bucket, key, Buffer.from(content), 'application/json');
  const entry = {
    ...aboutConnection(connection),
    operation: 'journal.anchor' as const,
    title: 'Store journal anchor',
    before: {},
    after: { bucket: `${bucket}/${key}` },
    requests: [`PUT ${connection.endpoint}${encodePath(bucket, key)}`],
  };
  await journal.note(entry, async () => (await other.gateway()).send(request, { signal }));
  return `${connection.name}: ${bucket}/${key}`;
}

/**
 * Compares the journal with an anchor. One that it no longer reaches, or contradicts, is an entry of
 * the journal, for ever.
 * @throws AppError `FILE_INVALID` for what is no anchor or was changed since, `ANCHOR_FOREIGN` for one
 * of another journal; nothing is recorded then
 */
export async function checkAnchor(
  { clusters, archives, journal }: AnchorSources,
  { connectionId, content }: ParsedInput<'journal.checkAnchor'>,
): Promise<CallOutput<'journal.checkAnchor'>> {
  const archive = await archives.get(connectionId);
  const anchor = readAnchor(content);
  const { journal: identity } = await archive.read('journalHead');
  const isOwn =
    anchor.version === 1 ? anchor.connectionId === connectionId : anchor.journal === identity;
  if (!isOwn) throw foreignAnchor(anchor, anchor.connectionId === connectionId);
  const proof = await proofOf(archive, anchor);
  const { problems } = await archive.read('verifyJournal');
  const { hash, isOnRecord, isMerged } = await archive.read('anchoredEntry', anchor);
  if (isMerged && hash !== anchor.hash) throw foreignAnchor(anchor, true);
  const { entries, at } = anchor;
  const altered = problems.filter(
    ({ kind, sequence }) => kind !== 'truncated' && kind !== 'forged' && sequence <= entries,
  );
  const holds = hash === anchor.hash && altered.length === 0;
  const upTo = `${formatCounted(entries, 'record')} of ${printedMinute(at)}`;
  const detail = holds
    ? `The journal still has all ${upTo} as they were anchored.`
    : whyNot(hash, anchor, altered.length);
  if (!holds && !isOnRecord) {
    const { connection } = await clusters.get(connectionId);
    await journal.note({
      ...aboutConnection(connection),
      operation: mismatchOperation,
      title: 'Journal does not match an anchor',
      before: { journal: `${upTo} were anchored` },
      after: { journal: detail.replace(/\.$/, '') },
      input: { left: [{ entries, hash: anchor.hash }] },
    });
  }
  return { holds, detail: `${detail}${proof}`, entries, at, operator: anchor.operator };
}

/**
 * What is to be said of the anchor's own seal; empty where it proves the file.
 * @throws AppError `FILE_INVALID` for a file that was changed
 */
async function proofOf(archive: Archive, anchor: Anchor): Promise<string> {
  if (anchor.version === 1 || anchor.seal === null) {
    return ' The anchor itself is not sealed: it is only as trustworthy as the place where it was kept.';
  }
  const { seal, ...facts } = anchor;
  const state = await archive.read('checkFacts', { facts, seal });
  if (state === 'valid') return '';
  if (state === 'forged' || state === 'foreign') {
    throw new AppError({
      code: 'FILE_INVALID',
      message: 'This anchor was changed since it was made: it does not match its own seal.',
      hint: 'Use the file as "Anchor journal" made it, or another copy of it.',
    });
  }
  return ' The key that sealed the anchor is not in the keychain here, so the file itself is not proved.';
}

function whyNot(hash: string | null, { entries }: Anchor, altered: number): string {
  if (hash === null) return `Record ${formatCount(entries)}, which was anchored, is missing.`;
  if (altered > 0) return `${formatCounted(altered, 'anchored record')} were changed.`;
  return `Record ${formatCount(entries)} is not the one that was anchored.`;
}

/** @throws AppError `FILE_INVALID` */
export function readAnchor(content: string): Anchor {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    value = null;
  }
  const anchor = anchorFile.safeParse(value);
  if (anchor.success) return anchor.data;
  throw new AppError({
    code: 'FILE_INVALID',
    message: 'This file is not an anchor of a journal.',
    hint: 'Select the file that "Anchor journal" made for this cluster.',
  });
}

/** @param isOfConnection the file names this connection, but a journal that is not the one here */
function foreignAnchor({ cluster, at, operator }: Anchor, isOfConnection: boolean): AppError {
  const made = `made by ${operator} on ${printedMinute(at)}`;
  return new AppError({
    code: 'ANCHOR_FOREIGN',
    message: isOfConnection
      ? `This anchor, ${made}, is of another journal of "${cluster}": one of another computer, or of an archive before this one.`
      : `This anchor, ${made}, is of the journal of "${cluster}".`,
    hint: 'Nothing was recorded. Check it where that journal is, or select an anchor of this one.',
  });
}

function sameCluster(): AppError {
  return invalidInput(
    'An anchor in the same cluster proves nothing to whoever can change that cluster.',
    'Select a bucket of another cluster, or save the anchor as a file.',
  );
}
