import type { ParsedInput } from '#shared/contract/index.ts';
import { toAppError } from '#shared/errors.ts';
import type { ClusterWork } from '../../clusters/archives.ts';
import { asOffline } from '../../gateway/outcome.ts';
import { assertAllowed, type Policy } from '../../platform/policy.ts';
import {
  aboutConnection,
  type JournalIntent,
  type JournalPort,
} from '../../store/archive/journal-port.ts';
import { keyHolderTarget, readKeyHolder } from './catalogue/key-holder.ts';
import { provedSelector } from './catalogue/naming.ts';
import { liveReader } from './live-reader.ts';

interface RevealDependencies extends Pick<ClusterWork, 'clusters' | 'events'> {
  policy: Policy | null;
  journal: JournalPort;
}

/**
 * Fetches the secret of a key from the gateway, for the operator's eyes. The journal has who saw which:
 * the intent before the gateway is asked.
 * @throws AppError `CONNECTION_OFFLINE`, `NOT_FOUND`, `POLICY_FORBIDS`
 */
export async function revealKey(
  { policy, clusters, journal, events }: RevealDependencies,
  input: ParsedInput<'keys.reveal'>,
  signal: AbortSignal,
): Promise<{ accessKeyId: string; secretAccessKey: string }> {
  assertAllowed(policy, 'revealSecrets');
  const { userId, accessKeyId, accountName } = input;
  const cluster = await clusters.get(input.connectionId);
  const [gateway, snapshot] = await Promise.all([cluster.gateway(), cluster.snapshot()]);
  try {
    const state = await readKeyHolder(input, liveReader(gateway, snapshot, { signal }));
    const intent: JournalIntent = {
      ...aboutConnection(cluster.connection),
      operation: 'keys.reveal',
      title: 'Reveal secret',
      target: keyHolderTarget(input, state),
      before: { keys: accessKeyId, secret: 'hidden' },
      after: { keys: accessKeyId, secret: 'shown to the operator' },
      input: { userId, accessKeyId, ...(accountName === undefined ? {} : { accountName }) },
    };
    return await recorded({ journal, events }, intent, (onRequestId) =>
      gateway.revealKey(provedSelector(state.naming), accessKeyId, accountName, {
        signal,
        onRequestId,
      }),
    );
  } catch (thrown) {
    throw asOffline(toAppError(thrown), 'no secret can be shown');
  }
}

/** Puts on record what `ask` does, and how it ended. */
async function recorded<Value>(
  { journal, events }: Pick<RevealDependencies, 'journal' | 'events'>,
  intent: JournalIntent,
  ask: (onRequestId: (id: string) => void) => Promise<Value>,
): Promise<Value> {
  const { connectionId } = intent;
  const journalId = await journal.open(intent);
  let requestId: string | null = null;
  const noteRequestId = (id: string): void => {
    requestId = id;
  };
  try {
    const value = await ask(noteRequestId);
    await journal.close(connectionId, journalId, { result: 'done', requestId, error: null });
    return value;
  } catch (thrown) {
    const error = toAppError(thrown).toData();
    await journal.close(connectionId, journalId, { result: 'refused', requestId, error });
    throw thrown;
  } finally {
    events.emit('data.changed', { connectionId, topics: ['journal'] });
  }
}
