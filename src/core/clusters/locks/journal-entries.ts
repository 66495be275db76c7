import { aboutConnection, type JournalIntent } from '../../store/archive/journal-port.ts';
import type { SavedConnection } from '../clusters.ts';

type Guards = Pick<SavedConnection, 'environment' | 'readOnly'>;
type Named = Pick<SavedConnection, 'id' | 'name' | 'endpoint'>;

/**
 * What the journal says of a connection whose guards are changed: who took "read-only" away, or made a
 * production cluster a lab.
 * @returns null where both stay as they are
 */
export function guardEntry(before: Named & Guards, after: Guards): JournalIntent | null {
  if (before.environment === after.environment && before.readOnly === after.readOnly) return null;
  return {
    ...aboutConnection(before),
    operation: 'connections.save',
    title: 'Change guards',
    before: guardFields(before),
    after: guardFields(after),
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
  const unlocking = until !== undefined;
  return {
    ...aboutConnection(connection),
    operation: unlocking ? 'connections.unlock' : 'connections.lock',
    title: unlocking ? 'Unlock production cluster' : 'Lock production cluster',
    before: { writing: writingWords(connection.unlockedUntil) },
    after: { writing: writingWords(until) },
  };
}

function writingWords(until: string | undefined): string {
  return until === undefined
    ? 'locked'
    : `unlocked until ${until.slice(0, 19).replace('T', ' ')} UTC`;
}
