import type { JournalIntent } from '../../store/archive/journal-port.ts';
import type { StoredConnection } from '../connections/stored-connection.ts';

type Guards = Pick<StoredConnection, 'environment' | 'readOnly'>;

/**
 * What the journal says of a connection whose guards are changed: who took "read-only" away, or made a
 * production cluster a lab.
 * @returns null where both stay as they are
 */
export function guardEntry(before: StoredConnection, after: Guards): JournalIntent | null {
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
