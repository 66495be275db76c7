import { readFile } from 'node:fs/promises';
import { release, type } from 'node:os';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { longestPack } from '#shared/contract/connections.ts';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { day } from '#shared/durations.ts';
import { toAppError } from '#shared/errors.ts';
import { exportName } from '#shared/plain-text.ts';
import type { Journal } from '../../changes/journal/journal.ts';
import type { PlanDesk } from '../../changes/plans/plan-desk.ts';
import type { Archives, ClusterWork } from '../../clusters/archives.ts';
import type { SavedConnection } from '../../clusters/clusters.ts';
import { testConnection } from '../../clusters/connections/check-connection.ts';
import type { GatewaySettings } from '../../clusters/connections/gateway-settings.ts';
import { type ConsoleLog, redact } from '../../platform/log/console-log.ts';
import type { NoticeBoard } from '../../platform/notice-board.ts';
import { readArchiveStatus } from '../archive/archive-status.ts';
import { readCoverage } from '../coverage/coverage-summary.ts';
import { addCluster, tooLarge } from './cluster-part.ts';

/** What {@link makeFieldPack} gathers from. */
export interface FieldPackSources extends Pick<ClusterWork, 'clusters' | 'archives'> {
  settings: GatewaySettings;
  journal: Journal;
  planDesk: PlanDesk;
  log: ConsoleLog;
  notices: NoticeBoard;
  version: string;
}

/** Days of coverage that are summed up. */
const coveredDays = 31;
/** Of each log file, bytes from its end. */
const mostLog = 2_000_000;
/** Of the journal, entries by their outcome alone. */
const mostEntries = 100;

const about = `Field pack of Ostor Console for support.

test.txt         the connection test, step by step, just made
connection.json  the connection's settings, without secrets
versions.json    versions of the console and of this computer
archive.json     how the archive's file is
coverage.json    how complete the archived statistics of the last ${coveredDays} days are
journal.json     whether the journal is intact, and the outcome of its last changes
notices.json     what the console has to say of itself
log/             the console's log; secrets in it are masked

Look through the files before you send them: they name users' e-mail addresses and endpoints.
`;

const aboutSeen = `
With cached cluster data, for another console to open (Connections, Open field pack):

cluster.json           the connection with its guards, who packed it and when
seen/snapshot.sqlite   users, their e-mails and access key ids, buckets, rate limits and quotas
plans/                 the change plans that are kept for the cluster
`;

/**
 * Gathers for support, in one zip, what is known of a connection and of this console. A part that can't
 * be read holds the reason. No secret is in it: every text passes the masks of the log.
 * @param input.withSeen also what another console opens as the cluster
 */
export async function makeFieldPack(
  sources: FieldPackSources,
  { id: connectionId, withSeen }: ParsedInput<'connections.fieldPack'>,
  signal: AbortSignal,
): Promise<CallOutput<'connections.fieldPack'>> {
  const { connection } = await sources.clusters.get(connectionId);
  const zip = new ZipFile();
  const add = (name: string, text: string): void =>
    zip.addBuffer(Buffer.from(sources.log.masked(text)), name);
  add('README.txt', withSeen ? about + aboutSeen : about);
  for (const [name, part] of Object.entries(partsOf(sources, connection, signal))) {
    const content = await part().catch((thrown) => ({ failed: toAppError(thrown).toData() }));
    add(name, typeof content === 'string' ? content : asJson(content));
  }
  for (const [name, text] of await logFiles(sources.log.path)) add(name, text);
  const bytes = await packed(zip, withSeen ? await addCluster(sources, connectionId, zip) : null);
  signal.throwIfAborted();
  if (withSeen && (bytes.length * 4) / 3 > longestPack - 4)
    throw tooLarge(connection, '48 MB packed');
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const what = withSeen ? 'field-pack-with-cluster' : 'field-pack';
  return {
    fileName: exportName([what, connection.name, stamp], 'zip'),
    mediaType: 'application/zip',
    base64: bytes.toString('base64'),
  };
}

async function packed(zip: ZipFile, done: (() => Promise<void>) | null): Promise<Buffer> {
  try {
    zip.end();
    return await buffer(zip.outputStream);
  } finally {
    await done?.();
  }
}

function partsOf(
  { clusters, settings, archives, journal, notices, version }: FieldPackSources,
  connection: SavedConnection,
  signal: AbortSignal,
): Record<string, () => Promise<unknown>> {
  const { id } = connection;
  return {
    'test.txt': async () => testText(await testConnection(() => settings.of(connection), signal)),
    'connection.json': async () => connection,
    'versions.json': async () => versionsOf(version),
    'archive.json': () => readArchiveStatus({ clusters, archives }, id),
    'coverage.json': () => coverageOf(archives, id),
    'journal.json': () => journalOf(journal, id),
    'notices.json': async () => notices.list(),
  };
}

/** Integers of any size, dates and errors as the log writes them; fields named like secrets masked. */
function asJson(value: unknown): string {
  return `${JSON.stringify(redact(value), null, 2)}\n`;
}

function testText({ ok, steps }: CallOutput<'connections.test'>): string {
  const lines = steps.map(({ name, state, milliseconds, detail, hint }) => {
    const time = milliseconds === undefined ? '' : ` (${milliseconds} ms)`;
    return `${name}: ${state}${time}\n  ${detail}${hint === undefined ? '' : `\n  ${hint}`}`;
  });
  return `${new Date().toISOString()}: ${ok ? 'passed' : 'failed'}\n\n${lines.join('\n')}\n`;
}

function versionsOf(version: string) {
  const { platform, arch, versions, env } = process;
  const variables = Object.keys(env).filter((name) =>
    /^(https?_proxy|no_proxy|all_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR))$/i.test(name),
  );
  return {
    console: version,
    ...{ platform, arch, system: `${type()} ${release()}`, versions },
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    now: new Date().toISOString(),
    variablesSet: variables,
  };
}

async function coverageOf(archives: Archives, connectionId: string) {
  const [to, from] = [0, coveredDays].map((days) => new Date(Date.now() - days * day));
  const { services, gaps, ...coverage } = await readCoverage(await archives.get(connectionId), {
    from: String(from?.toISOString()),
    to: String(to?.toISOString()),
  });
  return { ...coverage, services: services.map(({ serviceId }) => serviceId), gaps };
}

/** The last changes, without values and names. */
async function journalOf(journal: Journal, connectionId: string) {
  const verified = await journal.verify(connectionId);
  const { total, rows } = await journal.list(connectionId, { offset: 0, limit: mostEntries });
  const last = rows.map(({ sequence, at, endedAt, operation, result, requestId, error }) => {
    return { sequence, at, endedAt, operation, result, requestId, error: error?.code ?? null };
  });
  return { verified, chains: await journal.chains(connectionId), total, last };
}

/** The newest lines of the log and the one before it; unreadable files are left out. */
async function logFiles(path: string): Promise<[name: string, text: string][]> {
  const files = await Promise.all(
    [path, `${path}.1`].map(async (file, age) => {
      const text = await readFile(file, 'utf8').catch(() => null);
      const name = `log/console.log${age === 0 ? '' : `.${age}`}`;
      return text === null ? [] : [[name, text.slice(-mostLog)] as [string, string]];
    }),
  );
  return files.flat();
}
