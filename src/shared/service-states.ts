/** States of a service that no longer costs anything, as WHMCS says them. */
export const endedStates: ReadonlySet<string> = new Set(['Terminated', 'Cancelled', 'Fraud']);

/** Returns whether a user of a service in this state is not to be served. */
export const isStopped = (status: string): boolean =>
  status === 'Suspended' || endedStates.has(status);
