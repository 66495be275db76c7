import type { CallOutput, HandlersOf, ParsedInput } from '#shared/contract/index.ts';
import { s3CurlFunction, volumePlaceholder } from '#shared/guide-lines.ts';
import type { Cluster, Clusters } from '../../../clusters/clusters.ts';
import type { UserSelector } from '../../../gateway/model/gateway.ts';
import { type GatewayRequest, requestTarget } from '../../../gateway/model/request.ts';
import {
  bucketListRequest,
  bucketRequest,
  bucketsOfRequest,
} from '../../../gateway/requests/buckets.ts';
import { limitsRequest } from '../../../gateway/requests/limits.ts';
import { quotaRequest } from '../../../gateway/requests/quotas.ts';
import { usageListRequest } from '../../../gateway/requests/usage.ts';
import { userListRequest, userRequest } from '../../../gateway/requests/users.ts';
import type { Snapshot } from '../../../store/snapshot/snapshot.ts';

type Subject = ParsedInput<'operations.readingCommands'>['of'];

interface Reading {
  about: string;
  requests: GatewayRequest[];
  admin: AdminCommand[];
}

/** Handler of `operations.readingCommands`. Asks the gateway nothing. */
export function readingCommandsHandler(
  clusters: Clusters,
): Pick<HandlersOf<'operations'>, 'operations.readingCommands'> {
  return {
    'operations.readingCommands': async ({ connectionId, of }) =>
      commandsOf(await clusters.get(connectionId), of),
  };
}

async function commandsOf(
  cluster: Cluster,
  of: Subject,
): Promise<CallOutput<'operations.readingCommands'>> {
  const { endpoint, name, volumeId } = cluster.connection;
  const { about, requests, admin } = await readingOf(of, () => cluster.snapshot());
  const s3Curl = requests.map((request) => s3CurlLine(endpoint, request));
  return {
    s3Curl,
    ostorS3Admin: admin.map((command) => adminCommandLine(command, volumeId)),
    script: s3CurlScript(`${about}, cluster ${name}`, s3Curl),
  };
}

async function readingOf(of: Subject, snapshot: () => Promise<Snapshot>): Promise<Reading> {
  if ('user' in of) return ofUser(of.user, await snapshot());
  if ('bucket' in of) return ofBucket(of.bucket);
  if (of.list === 'keys') return ofKeys(await snapshot());
  return ofList(of.list);
}

async function ofUser(userId: string, snapshot: Snapshot): Promise<Reading> {
  const { email = '', shared = false } = (await snapshot.ask('nameOf', userId)) ?? {};
  // Named by e-mail where that is one user's, as the guide does.
  const byEmail = email !== '' && !shared;
  const selector: UserSelector = byEmail ? { email } : { id: userId };
  const option = byEmail ? (['-e', email] as const) : (['-i', userId] as const);
  return {
    about: `Reads the user ${email || userId}`,
    requests: [
      userRequest(selector),
      bucketsOfRequest(selector),
      limitsRequest(selector),
      quotaRequest(selector),
    ],
    admin: [
      { command: 'query-user-info', options: [option] },
      { command: 'list-user-accounts', options: [option] },
      { command: 'query-limits', options: [option], volume: false },
      { command: 'query-quotas', options: [option] },
    ],
  };
}

function ofBucket(bucket: string): Reading {
  return {
    about: `Reads the bucket ${bucket}`,
    requests: [bucketRequest(bucket), limitsRequest({ bucket }), quotaRequest({ bucket })],
    admin: [
      { command: 'query-limits', options: [['-b', bucket]], volume: false },
      { command: 'query-quotas', options: [['-b', bucket]] },
    ],
  };
}

/** Most users in one script. */
const mostUsers = 1000;

/** Keys are fetched per user: a line for each. */
async function ofKeys(snapshot: Snapshot): Promise<Reading> {
  const sort = { by: 'email', descending: false } as const;
  const { rows, total } = await snapshot.ask('users', { sort, offset: 0, limit: mostUsers });
  const emails = Map.groupBy(rows, ({ email }) => email);
  const options = rows.map(({ email, userId }) =>
    email !== '' && emails.get(email)?.length === 1
      ? ({ selector: { email }, option: ['-e', email] } as const)
      : ({ selector: { id: userId }, option: ['-i', userId] } as const),
  );
  const some = total > rows.length ? ` of the first ${rows.length} of ${total} users` : '';
  return {
    about: `Reads the access keys${some}`,
    requests: options.map(({ selector }) => userRequest(selector)),
    admin: options.map(({ option }) => ({ command: 'query-user-info', options: [option] })),
  };
}

function ofList(list: 'users' | 'buckets' | 'usage' | 'quotas'): Reading {
  if (list === 'users') {
    return {
      about: 'Lists the users',
      requests: [userListRequest],
      admin: [{ command: 'query-users', options: [] }],
    };
  }
  if (list === 'quotas') {
    return {
      about: 'Reads the default quotas',
      requests: (['user', 'bucket'] as const).map((of) => quotaRequest({ default: of })),
      admin: (['user', 'bucket'] as const).map((of) => {
        return { command: 'query-quotas', options: [['-o', of]] };
      }),
    };
  }
  return list === 'usage'
    ? { about: 'Lists the statistics objects', requests: [usageListRequest()], admin: [] }
    : { about: 'Lists the buckets', requests: [bucketListRequest], admin: [] };
}

/**
 * Returns the whole URL of a request, without signature.
 * @param endpoint the connection's
 */
export function requestUrl(endpoint: string, request: GatewayRequest): string {
  return `${endpoint.replace(/\/+$/, '')}${requestTarget(request)}`;
}

/**
 * The request as a line for the guide's shell function. Values are percent-encoded, so that nothing
 * in them can end the quotes or be expanded by the shell; `@` stays readable as in the guide.
 */
export function s3CurlLine(endpoint: string, request: GatewayRequest): string {
  const url = requestUrl(endpoint, request).replaceAll('%40', '@');
  const quoted = /["$`\\!\s]/.test(url) ? shellWord(url) : `"${url}"`;
  const signer = request.signAs === undefined ? '' : `${ownerKeyPlaceholders} `;
  return `${signer}s3_curl ${request.method} ${quoted}`;
}

/** Shown where the operator puts the owner's pair: the names are those of the guide's function. */
const ownerKeyPlaceholders = 's3_key=OWNER_ACCESS_KEY_ID s3_secret=OWNER_SECRET_KEY';

/** One word for a POSIX shell, quoted where it has to be. */
export function shellWord(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

export interface AdminCommand {
  command: string;
  options: readonly (readonly [option: string, value: string])[];
  /** Whether the tool needs the volume; the guide omits it for limits. */
  volume?: boolean;
}

/**
 * Returns the command as a line for a shell.
 * @param volumeId the connection's; omitted, a placeholder is in its place
 */
export function adminCommandLine(
  { command, options, volume = true }: AdminCommand,
  volumeId: string = volumePlaceholder,
): string {
  const words = options.flatMap(([option, value]) => [option, shellWord(value)]);
  const tail = volume ? ['-V', volumeId] : [];
  const byId = options.some(([option]) => option === '-i') && byEmailInGuide.has(command);
  const note = byId
    ? [`# the guide documents -e alone for ${command}: check that -i is taken`]
    : [];
  return ['ostor-s3-admin', command, ...words, ...tail, ...note].join(' ');
}

/**
 * A script for bash: the function, then the lines. Lines of `ostor-s3-admin` belong on a storage node
 * and are no part of it.
 * @param about what the script is, one line
 */
export function s3CurlScript(about: string, lines: readonly string[]): string {
  return [
    '#!/usr/bin/env bash',
    `# ${about.replaceAll(/\s+/g, ' ')}`,
    '# The key pair of the system user comes from the environment: S3_KEY and S3_SECRET.',
    `: "\${S3_KEY:?the access key id of the system user}" "\${S3_SECRET:?its secret key}"`,
    `s3_key="\${S3_KEY}"`,
    `s3_secret="\${S3_SECRET}"`,
    '',
    s3CurlFunction,
    ...lines,
    '',
  ].join('\n');
}

/** Commands for which the guide names users by `-e` alone; for others, by `-e` or `-i`. */
const byEmailInGuide: ReadonlySet<string> = new Set([
  'set-limits',
  'query-limits',
  'rm-limits',
  'create-account',
]);
