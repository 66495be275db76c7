import { isDeepStrictEqual } from 'node:util';
import { usualTimeoutSeconds } from '#shared/contract/connections.ts';
import { agreeing } from '#shared/counted.ts';
import { AppError } from '#shared/errors.ts';
import type { TaskRegistry, TaskSummary } from '../../platform/tasks/task-registry.ts';
import { type ConnectionInput, checkConnection } from './check-connection.ts';
import type { StoredConnection } from './connection-file.ts';
import { separatePassword } from './proxy-for.ts';

/** Tasks that leave nothing half done and can be restarted at any time: they are just cancelled. */
const passing: ReadonlySet<string> = new Set(['sync.refresh', 'bulk.preview']);

/** Tasks on the archive's files alone, which do not depend on the gateway. */
const withoutGateway: ReadonlySet<string> = new Set(['usage.exportDataset']);

/** Changes that conflict with running tasks, and the end of the refusal. */
type Change = 'gateway' | 'removal' | 'restore' | 'pack';

const notDone: Record<Change, string> = {
  gateway: 'the connection was not changed',
  removal: 'the connection was not removed',
  restore: 'its archive was not replaced',
  pack: 'the field pack was not opened',
};

/**
 * Makes way for a change of a connection: readings that can be begun again are ended and waited for;
 * everything else the operator has to end first.
 * @param change `gateway`: another gateway or key is meant; `removal`: its files go too;
 * `restore`: another file takes its archive's place; `pack`: one takes that of what was last seen
 * @throws AppError `TASK_BUSY`, naming what is under way
 */
export async function makeWay(
  tasks: TaskRegistry,
  { id, name }: Pick<StoredConnection, 'id' | 'name'>,
  change: Change,
): Promise<void> {
  const running = tasks.list(id).filter(({ endedAt }) => endedAt === null);
  const busy = running.filter(
    ({ kind }) => !passing.has(kind) && (change !== 'gateway' || !withoutGateway.has(kind)),
  );
  if (busy.length > 0) throw underWay(name, busy, change);
  await tasks.end(running.filter(({ kind }) => passing.has(kind)).map(({ taskId }) => taskId));
}

/** Returns whether a save changes the gateway, the key or the route to it. */
export async function meansAnotherGateway(
  before: StoredConnection,
  input: ConnectionInput,
): Promise<boolean> {
  if (input.secretKey !== undefined || input.proxy?.password !== undefined) return true;
  const way = ({
    endpoint,
    accessKeyId,
    signature,
    region,
    tls,
    proxy,
    maxConnections,
    timeoutSeconds = usualTimeoutSeconds,
  }: ConnectionInput) => ({
    endpoint,
    accessKeyId,
    signature,
    region,
    tls: { ...tls },
    proxy: separatePassword(proxy, before.proxy).proxy ?? {},
    maxConnections,
    timeoutSeconds,
  });
  const checked = { ...input, ...(await checkConnection(input)) };
  return !isDeepStrictEqual(way(before), way(checked));
}

function underWay(name: string, busy: readonly TaskSummary[], change: Change): AppError {
  const titles = busy.map(({ title }) => `"${title}"`).join(' and ');
  return new AppError({
    code: 'TASK_BUSY',
    message: `${titles} ${agreeing(busy.length, 'is', 'are')} under way on ${name}, so ${notDone[change]}.`,
    hint: 'Wait until it has ended, or cancel it in the list of tasks at the bottom right: requests already sent are completed, and the rest can be resumed later.',
    retryable: true,
    details: { tasks: busy.map(({ taskId, kind, title }) => ({ taskId, kind, title })) },
  });
}
