import { join } from 'node:path';
import type { HandlersOf } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { connectionNotFound } from '../clusters/connections/connection-views.ts';
import type { ConnectionParts } from '../clusters/connections/open-connections.ts';
import {
  findOrphans,
  holdsArchive,
  idsOf,
  readCopy,
} from '../clusters/connections/orphaned-folders.ts';
import { clearConnectionFiles } from '../clusters/connections/remove-connection.ts';
import { saveConnection } from '../clusters/connections/save-connection.ts';
import { testConnection } from '../clusters/connections/test-connection.ts';
import { makeWay, meansAnotherGateway } from '../clusters/connections/work-under-way.ts';
import { demoConnectionId } from '../clusters/demo/demo-host.ts';
import { guardEntry } from '../clusters/locks/journal-entries.ts';
import { assertArchiveUnused } from '../store/archive/archive-lock.ts';
import { lockHandlers } from './locks.ts';

/** Handlers of `connections.*`. */
export function connectionsHandlers(options: ConnectionParts): HandlersOf<'connections'> {
  const {
    dataDir,
    store,
    views,
    settings,
    credentials,
    locks,
    clusters,
    demo,
    notices,
    tasks,
    events,
  } = options;
  const endWork = async (connectionId: string): Promise<void> => {
    await tasks.end(tasks.list(connectionId).map(({ taskId }) => taskId));
    await clusters.release(connectionId);
  };
  const changed = (): void => events.emit('connections.changed', {});
  return {
    'connections.list': () => views.list(),
    'connections.save': async (input) => {
      refuseDemo(input.id);
      const before = input.id === undefined ? undefined : store.find(input.id);
      const otherGateway = before !== undefined && meansAnotherGateway(before, input);
      if (otherGateway) await makeWay(tasks, before, 'gateway');
      const guards = before ? guardEntry(before, input) : null;
      let id = '';
      const save = async (): Promise<void> => {
        id = await saveConnection(store, credentials, input, (orphan) =>
          holdsArchive(join(dataDir, 'connections', orphan)),
        );
      };
      await (guards ? options.record(guards, save) : save());
      if (otherGateway) clusters.retireGateway(id);
      await endWork(demoConnectionId);
      await demo.stop();
      changed();
      if (guards) events.emit('data.changed', { connectionId: id, topics: ['journal'] });
      return views.get(id);
    },
    'connections.test': async ({ id }, { signal }) => {
      const connection = await views.get(id);
      const test = await testConnection(() => settings(connection), signal);
      if (test.ok) await options.onAnswer(id);
      return test;
    },
    'connections.remove': async ({ id }) => {
      refuseDemo(id);
      const stored = store.find(id);
      if (!stored) throw connectionNotFound();
      await makeWay(tasks, stored, 'removal');
      await clusters.release(id);
      assertArchiveUnused(join(dataDir, 'connections', id, 'archive.sqlite'));
      await store.remove(id);
      await endWork(id);
      locks.lock(id);
      await credentials.remove(stored);
      await clearConnectionFiles(dataDir, stored, notices);
      changed();
      return null;
    },
    ...orphanHandlers(options, async () => {
      await endWork(demoConnectionId);
      await demo.stop();
      changed();
    }),
    ...lockHandlers(options),
  };
}

/** @param onRecovered ends the demo and tells the interface */
function orphanHandlers(
  { dataDir, store, credentials, views }: ConnectionParts,
  onRecovered: () => Promise<void>,
): Pick<HandlersOf<'connections'>, 'connections.orphans' | 'connections.recover'> {
  return {
    'connections.orphans': () => findOrphans(dataDir, idsOf(store)),
    'connections.recover': async ({ id }) => {
      const copy = store.find(id) ? null : await readCopy(join(dataDir, 'connections', id), id);
      if (!copy) throw connectionNotFound();
      await store.save(copy);
      credentials.forget();
      await onRecovered();
      return views.get(id);
    },
  };
}

function refuseDemo(id: string | undefined): void {
  if (id !== demoConnectionId) return;
  throw new AppError({
    code: 'INPUT_INVALID',
    message: 'The demo cluster is not a saved connection.',
    hint: 'Add a cluster of your own; the demo then leaves the list.',
  });
}
