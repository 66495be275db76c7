import type { CallOutput, HandlersOf, ParsedInput } from '#shared/contract/index.ts';
import type { Cluster, Clusters } from '../../clusters/clusters.ts';
import type { QueryParameter } from '../../gateway/model/encode.ts';
import type { Snapshot } from '../../store/snapshot/snapshot.ts';
import { type AdminCommand, adminCommandLine } from './admin-command.ts';
import { type ManagementRequest, s3CurlLine } from './management-request.ts';
import { s3CurlScript } from './s3-curl-function.ts';

type Subject = ParsedInput<'operations.readingCommands'>['of'];

interface Reading {
  about: string;
  requests: ManagementRequest[];
  admin: AdminCommand[];
}

/** Handler of `operations.readingCommands`: nothing is asked of the gateway. */
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
  return ofList(of.list);
}

async function ofUser(userId: string, snapshot: Snapshot): Promise<Reading> {
  const { email = '', shared = false } = (await snapshot.nameOf(userId)) ?? {};
  // Named by e-mail where that is one user's, as the guide does.
  const byEmail = email !== '' && !shared;
  const selector: QueryParameter = byEmail ? ['emailAddress', email] : ['id', userId];
  const option = byEmail ? (['-e', email] as const) : (['-i', userId] as const);
  const services = ['ostor-users', 'ostor-buckets', 'ostor-limits', 'ostor-quotas'];
  return {
    about: `Reads the user ${email || userId}`,
    requests: services.map((service) => get(service, selector)),
    admin: [
      { command: 'query-user-info', options: [option] },
      { command: 'list-user-accounts', options: [option] },
      { command: 'query-limits', options: [option], volume: false },
      { command: 'query-quotas', options: [option] },
    ],
  };
}

function ofBucket(bucket: string): Reading {
  const services = ['ostor-buckets', 'ostor-limits', 'ostor-quotas'];
  return {
    about: `Reads the bucket ${bucket}`,
    requests: services.map((service) => get(service, ['bucket', bucket])),
    admin: [
      { command: 'query-limits', options: [['-b', bucket]], volume: false },
      { command: 'query-quotas', options: [['-b', bucket]] },
    ],
  };
}

function ofList(list: 'users' | 'buckets' | 'usage' | 'quotas'): Reading {
  if (list === 'users') {
    return {
      about: 'Lists the users',
      requests: [get('ostor-users')],
      admin: [{ command: 'query-users', options: [] }],
    };
  }
  if (list === 'quotas') {
    return {
      about: 'Reads the default quotas',
      requests: (['user', 'bucket'] as const).map((of) => get('ostor-quotas', ['default', of])),
      admin: (['user', 'bucket'] as const).map((of) => {
        return { command: 'query-quotas', options: [['-o', of]] };
      }),
    };
  }
  const service = list === 'usage' ? 'ostor-usage' : 'ostor-buckets';
  const about = list === 'usage' ? 'Lists the statistics objects' : 'Lists the buckets';
  return { about, requests: [get(service)], admin: [] };
}

function get(service: string, ...parameters: QueryParameter[]): ManagementRequest {
  return { method: 'GET', service, parameters };
}
