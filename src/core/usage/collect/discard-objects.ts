import type { ParsedInput } from '#shared/contract/index.ts';
import { agreeing, formatCounted } from '#shared/counted.ts';
import { AppError, conflict, toAppError } from '#shared/errors.ts';
import { assertTyped, assertWritable, guardOf } from '../../clusters/locks/guard.ts';
import { removeUsageObjectRequest } from '../../gateway/requests/usage.ts';
import type { TaskControls } from '../../platform/tasks/task-registry.ts';
import type { Archive } from '../../store/archive/archive.ts';
import type { UsageGateway } from './collect-options.ts';
import type { CollectDependencies } from './collect-service.ts';
import { listAllObjects } from './list-objects.ts';
import { discardIntent, RemovalRecord, removalJournal } from './removal-record.ts';
import { endsTheRun } from './retry-plan.ts';

/** What is typed to discard objects: the name of one, the number of several. */
function nameToDiscard(names: readonly string[]): string {
  return names.length === 1 ? (names[0] ?? '') : String(names.length);
}

/**
 * Deletes statistics objects on the gateway that are not archived: what they counted is lost.
 * Rejects unless their name or number was typed, and with `CONFLICT` where one is archived.
 */
export async function discardObjects(
  dependencies: Omit<CollectDependencies, 'sync'>,
  { connectionId, names, typedName }: ParsedInput<'usage.discardObjects'>,
): Promise<{ taskId: string }> {
  const { clusters, archives, tasks, events, journal } = dependencies;
  const cluster = await clusters.get(connectionId);
  const { connection } = cluster;
  assertWritable(connection);
  const wanted = [...new Set(names)];
  assertTyped(nameToDiscard(wanted), typedName);
  const archive = await archives.get(connectionId);
  await assertNotArchived(archive, wanted);
  const gateway = await cluster.gateway();
  const record = new RemovalRecord(
    removalJournal(journal, connection, discardIntent(connection, wanted)),
  );
  const { taskId } = tasks.start({
    kind: 'usage.discard',
    title: `Discard ${formatCounted(wanted.length, 'statistics object')} of ${connection.name}`,
    connectionId,
    total: wanted.length,
    writesTo: [connectionId],
    run: async (controls) => {
      const hold = () => guardOf(cluster.connection);
      try {
        return await new Discarding({ gateway, archive, record, controls, hold }).run(wanted);
      } finally {
        events.emit('data.changed', { connectionId, topics: ['usage'] });
      }
    },
  });
  return { taskId };
}

async function assertNotArchived(archive: Archive, names: string[]): Promise<void> {
  const archived = await archive.read('findArchived', { names });
  if (archived.length === 0) return;
  throw conflict(
    `${formatCounted(archived.length, 'object')} of these ${agreeing(archived.length, 'is', 'are')} archived; nothing was sent.`,
    'Delete archived objects by "Delete archived"; discard only what is not archived.',
  );
}

interface DiscardParts {
  gateway: UsageGateway;
  archive: Archive;
  record: RemovalRecord;
  controls: TaskControls;
  /** Asked before each deletion: why it may no longer be sent, or null. */
  hold(): 'locked' | 'read-only' | null;
}

class Discarding {
  readonly #with: DiscardParts;
  #removed = 0;
  readonly #failures = new Map<string, AppError>();

  constructor(parts: DiscardParts) {
    this.#with = parts;
  }

  async run(names: readonly string[]): Promise<{ removed: number; failed: number }> {
    const { record } = this.#with;
    try {
      for (const name of names) {
        if (!(await this.#discard(name))) break;
      }
      await this.#listAgain();
    } catch (thrown) {
      await record.end(thrown);
      throw thrown;
    }
    await record.end(undefined);
    const [firstError] = this.#failures.values();
    if (this.#removed === 0) throw firstError ?? nothingSent(this.#with.hold());
    return { removed: this.#removed, failed: this.#failures.size };
  }

  /** @returns whether to continue */
  async #discard(name: string): Promise<boolean> {
    const { gateway, record, controls, hold } = this.#with;
    await controls.checkpoint();
    const held = hold();
    if (held !== null) {
      record.heldBack(held);
      return false;
    }
    try {
      await record.begin();
      await gateway.send(removeUsageObjectRequest(name), { signal: controls.signal });
      record.removed(name);
      this.#removed += 1;
    } catch (thrown) {
      if (controls.signal.aborted) throw thrown;
      this.#failures.set(name, toAppError(thrown));
      if (endsTheRun(thrown)) return false;
    }
    const failed = this.#failures.size;
    controls.progress({ done: this.#removed + failed, failed });
    return true;
  }

  /** An answer that was lost on the way is no refusal: the list tells. */
  #judgeFailures(complete: boolean, listed: ReadonlySet<string>): void {
    const { record } = this.#with;
    for (const [name, error] of this.#failures) {
      if (complete && !listed.has(name)) {
        record.removed(name);
        this.#removed += 1;
        this.#failures.delete(name);
      } else record.failed(error.toData());
    }
  }

  /** What the gateway lists now proves the deletions, and is what the page shows. */
  async #listAgain(): Promise<void> {
    const { gateway, archive, record, controls } = this.#with;
    const listedAt = Date.now();
    const seconds = Math.floor(listedAt / 1000);
    const { complete, objects } = await listAllObjects(gateway, seconds, controls.signal);
    const names = new Set(objects.map(({ name }) => name));
    this.#judgeFailures(complete, names);
    record.listed({ complete, names });
    await archive.write('recordListing', { listedAt, complete, objects });
  }
}

function nothingSent(held: 'locked' | 'read-only' | null): AppError {
  return new AppError({
    code: 'NOTHING_REMOVED',
    message: `Nothing was sent: the connection was ${held === 'read-only' ? 'made read-only' : 'locked'}.`,
    hint: 'Everything is on the gateway as before.',
  });
}
