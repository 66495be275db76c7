import type { JournalIntent } from '../../store/archive/journal-port.ts';
import type { SavedConnection } from '../clusters.ts';

type Guards = Pick<SavedConnection, 'environment' | 'readOnly'>;
type Named = Pick<SavedConnection, 'id' | 'name' | 'endpoint'>;

/**
 * What the journal says of a connection whose guards are changed: who took "read-only" away, or made a
 * production cluster a lab.
 * @returns null where both stay as they are
 */
export function guardEntry(before: Named & Guards, after: Guards): JournalIntent | null {
  const { id, name, endpoint } = before;
  if (before.environment === after.environment && before.readOnly === after.readOnly) return null;
  return {
    connectionId: id,
    connectionName: name,
    endpoint,
    operation: 'connections.save',
    title: 'Change guards',
    target: { kind: 'connection', id, name },
    before: guardFields(before),
    after: guardFields(after),
    input: {},
    ticket: null,
    runId: null,
  };
}

function guardFields({ environment, readOnly }: Guards) {
  return { environment, readOnly: readOnly ? 'yes' : 'no' };
}

/**
 * What the journal says of a production cluster that is unlocked or locked.
 * @param until until when it is unlocked, ISO 8601 in UTC; undefined where it is locked
 */
export function lockEntry(connection: SavedConnection, until: string | undefined): JournalIntent {
  const { id, name, endpoint } = connection;
  const unlocking = until !== undefined;
  return {
    connectionId: id,
    connectionName: name,
    endpoint,
    operation: unlocking ? 'connections.unlock' : 'connections.lock',
    title: unlocking ? 'Unlock production cluster' : 'Lock production cluster',
    target: { kind: 'connection', id, name },
    before: { writing: writingWords(connection.unlockedUntil) },
    after: { writing: writingWords(until) },
    input: {},
    ticket: null,
    runId: null,
  };
}

function writingWords(until: string | undefined): string {
  return until === undefined
    ? 'locked'
    : `unlocked until ${until.slice(0, 19).replace('T', ' ')} UTC`;
}
