import type { HandlersOf } from '#shared/contract/index.ts';
import { toAppError } from '#shared/errors.ts';
import { keyHolderTarget, readKeyHolder } from '../changes/operations/catalogue/key-holder.ts';
import { liveReader } from '../changes/operations/live-reader.ts';
import { provedSelector } from '../changes/operations/naming.ts';
import type { Clusters } from '../clusters/clusters.ts';
import type { Sweeps } from '../clusters/inventory/inventories.ts';
import type { UserSelector } from '../gateway/model/gateway.ts';
import { asOffline } from '../gateway/outcome.ts';
import type { EventBus } from '../platform/events.ts';
import type { JournalPort } from '../store/archive/journal-port.ts';
import { sweepStatusOf } from './inventory.ts';

/** What the reading half of `keys.*` needs. */
export interface KeysReadOptions {
  clusters: Clusters;
  sweeps: Sweeps;
  journal: JournalPort;
  events: EventBus;
}

/** Handlers of the reading half of `keys.*`. */
export function keysReadHandlers({
  clusters,
  sweeps,
  journal,
  events,
}: KeysReadOptions): Pick<HandlersOf<'keys'>, 'keys.list' | 'keys.reveal'> {
  return {
    'keys.list': async ({ connectionId, ...query }) => {
      await clusters.get(connectionId);
      const store = await sweeps.store(connectionId);
      const [page, sweep] = await Promise.all([
        store.ask('listKeys', query),
        sweepStatusOf(sweeps, connectionId),
      ]);
      return { ...page, sweep };
    },
    'keys.reveal': async (input, { signal }) => {
      const { connectionId, userId, accessKeyId, accountName } = input;
      const cluster = await clusters.get(connectionId);
      const [gateway, snapshot] = await Promise.all([cluster.gateway(), cluster.snapshot()]);
      try {
        const state = await readKeyHolder(input, liveReader(gateway, snapshot, { signal }));
        const journalId = await journal.open({
          connectionId,
          connectionName: cluster.connection.name,
          endpoint: cluster.connection.endpoint,
          operation: 'keys.reveal',
          title: 'Reveal secret',
          target: keyHolderTarget(input, state),
          before: { keys: accessKeyId, secret: 'hidden' },
          after: { keys: accessKeyId, secret: 'shown to the operator' },
          input: { userId, accessKeyId, ...(accountName === undefined ? {} : { accountName }) },
          ticket: null,
          runId: null,
        });
        return await revealAndRecord(journalId, provedSelector(state.naming));
      } catch (thrown) {
        throw asOffline(toAppError(thrown), 'no secret can be shown');
      }

      async function revealAndRecord(journalId: string, selector: UserSelector) {
        let requestId: string | null = null;
        const onRequestId = (id: string): void => {
          requestId = id;
        };
        try {
          const options = { signal, onRequestId };
          const pair = await gateway.revealKey(selector, accessKeyId, accountName, options);
          await journal.close(connectionId, journalId, {
            result: 'done',
            requestId,
            error: null,
          });
          return pair;
        } catch (thrown) {
          const error = toAppError(thrown).toData();
          await journal.close(connectionId, journalId, { result: 'refused', requestId, error });
          throw thrown;
        } finally {
          events.emit('data.changed', { connectionId, topics: ['journal'] });
        }
      }
    },
  };
}
