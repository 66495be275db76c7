import { z } from 'zod';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { formatCount, formatCounted } from '#shared/counted.ts';
import { AppError } from '#shared/errors.ts';
import { exportName } from '#shared/plain-text.ts';
import type { Archives } from '../../clusters/archives.ts';
import type { Clusters } from '../../clusters/clusters.ts';
import { encodePath } from '../../gateway/model/request.ts';
import { putObjectRequest } from '../../gateway/requests/buckets.ts';
import { aboutConnection } from '../../store/archive/journal-port.ts';
import { mismatchOperation } from '../../store/archive/queries/journal-head.ts';
import { type Journal, operatorName } from './journal.ts';

/** What anchors are made of and stored with. */
export interface AnchorSources {
  clusters: Clusters;
  archives: Archives;
  journal: Journal;
}

/** Where a journal ended at some time, to be kept where whoever changes the journal can't change it. */
const anchorFile = z.object({
  format: z.literal('ostor-journal-anchor'),
  version: z.literal(1),
  connectionId: z.string(),
  cluster: z.string(),
  entries: z.int().min(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.iso.datetime(),
  operator: z.string(),
});

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
  const { entries, hash } = await archive.read('journalHead');
  const at = new Date().toISOString();
  const anchor: Anchor = {
    ...{ format: 'ostor-journal-anchor', version: 1, connectionId, cluster: connection.name },
    ...{ entries, hash, at, operator: operatorName() },
  };
  const fileName = exportName(
    ['journal-anchor', connection.name, at.replaceAll(/[-:]|\.\d+/g, '')],
    'json',
  );
  const content = `${JSON.stringify(anchor, null, 2)}\n`;
  const storedAt = to ? await store(sources, to, fileName, content, signal) : null;
  return { fileName, mediaType: 'application/json', content, entries, head: hash, storedAt };
}

type Place = NonNullable<ParsedInput<'journal.anchor'>['to']>;

/** Puts the anchor into the bucket; the journal of that cluster tells of it. */
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
    operation: 'journal.anchor',
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
 * @throws AppError `FILE_INVALID` for what is no anchor of this connection's journal
 */
export async function checkAnchor(
  { clusters, archives, journal }: AnchorSources,
  { connectionId, content }: ParsedInput<'journal.checkAnchor'>,
): Promise<CallOutput<'journal.checkAnchor'>> {
  const archive = await archives.get(connectionId);
  const anchor = readAnchor(content, connectionId);
  const { problems } = await archive.read('verifyJournal');
  const { hash, isOnRecord } = await archive.read('anchoredEntry', anchor);
  const { entries, at } = anchor;
  const altered = problems.filter(
    ({ kind, sequence }) => kind !== 'truncated' && sequence <= entries,
  );
  const holds = hash === anchor.hash && altered.length === 0;
  const upTo = `${formatCounted(entries, 'record')} of ${at.slice(0, 16).replace('T', ' ')} UTC`;
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
  return { holds, detail, entries, at, operator: anchor.operator };
}

function whyNot(hash: string | null, { entries }: Anchor, altered: number): string {
  if (hash === null) return `Record ${formatCount(entries)}, which was anchored, is missing.`;
  if (altered > 0) return `${formatCounted(altered, 'anchored record')} were changed.`;
  return `Record ${formatCount(entries)} is not the one that was anchored.`;
}

function readAnchor(content: string, connectionId: string): Anchor {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    value = null;
  }
  const anchor = anchorFile.safeParse(value);
  if (anchor.success && anchor.data.connectionId === connectionId) return anchor.data;
  throw new AppError({
    code: 'FILE_INVALID',
    message: anchor.success
      ? `This anchor is of the journal of another connection ("${anchor.data.cluster}").`
      : 'This file is no anchor of a journal.',
    hint: 'Select the file that "Anchor journal" made for this cluster.',
  });
}

function sameCluster(): AppError {
  return new AppError({
    code: 'INPUT_INVALID',
    message: 'An anchor in the same cluster proves nothing to whoever can change that cluster.',
    hint: 'Select a bucket of another cluster, or save the anchor as a file.',
  });
}
