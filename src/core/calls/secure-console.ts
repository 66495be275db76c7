import type { CallOutput } from '#shared/contract/index.ts';
import type { Journal } from '../changes/journal/journal.ts';
import type { ClusterWork } from '../clusters/archives.ts';
import type { Connections } from '../clusters/connections/connections.ts';
import type { Credentials } from '../clusters/connections/credentials.ts';
import { lockEntry, type ProductionLocks } from '../clusters/locks/guard.ts';
import type { BillingConnections } from '../customers/billing-connections.ts';
import { billingLock } from '../customers/billing-guards.ts';

interface SecuredParts extends Pick<ClusterWork, 'tasks' | 'events'> {
  connections: Connections;
  credentials: Credentials;
  locks: ProductionLocks;
  journal: Journal;
  billing: BillingConnections;
}

/**
 * Takes back what was opened for whoever sat at the console: clusters and billing systems that were
 * unlocked are locked, secrets that are asked for each time are forgotten, and every page hides the
 * secrets it shows. What is being changed stays as it is, so that a run that was started is not broken
 * off: whoever secures asks again until nothing is in progress. Work that only reads, or is paused, holds
 * nothing up.
 */
export async function secureConsole({
  connections,
  credentials,
  locks,
  journal,
  tasks,
  events,
  billing,
}: SecuredParts): Promise<CallOutput<'app.secure'>> {
  events.emit('app.secured', {});
  const counts = { locked: 0, inProgress: 0 };
  for (const connection of await connections.list()) {
    const { id } = connection;
    const isUnlocked = connection.unlockedUntil !== undefined;
    const isAsked = connection.askForSecret && connection.hasCredential;
    if (tasks.isWriting(id) || journal.isUnderWay(id)) {
      if (isUnlocked || isAsked) counts.inProgress += 1;
      continue;
    }
    await credentials.forgetAsked(id);
    if (!isUnlocked) continue;
    locks.lock(id);
    counts.locked += 1;
    if (connection.environment !== 'production') continue;
    await journal.note(lockEntry(connection, undefined)).catch(() => undefined); // locked all the same
    events.emit('data.changed', { connectionId: id, topics: ['journal'] });
  }
  if (counts.locked > 0) events.emit('connections.changed', {});
  // a file of customers that can't be read opens no billing system either
  for (const { id, unlockedUntil } of await billing.list().catch(() => [])) {
    if (unlockedUntil === undefined) continue;
    if (tasks.isWriting(billingLock(id))) counts.inProgress += 1;
    else {
      await billing.setLock(id, undefined).catch(() => undefined); // locked all the same
      counts.locked += 1;
      events.emit('customers.changed', {});
    }
  }
  return counts;
}
