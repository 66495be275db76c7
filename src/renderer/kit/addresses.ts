/** Address of a page of a cluster: `/c/<connectionId>/<page>`. */
export function clusterPath(connectionId: string, page: string): string {
  return `/c/${connectionId}/${page}`;
}

/** Address of a user's own page. */
export function userPath(connectionId: string, userId: string): string {
  return `${clusterPath(connectionId, 'users')}/${encodeURIComponent(userId)}`;
}

/** Address of a bucket's own page. */
export function bucketPath(connectionId: string, name: string): string {
  return `${clusterPath(connectionId, 'buckets')}/${encodeURIComponent(name)}`;
}

/** Address of one entry of the journal, open on the Journal page. */
export function journalPath(connectionId: string, journalId: string): string {
  return `${clusterPath(connectionId, 'journal')}?open=${encodeURIComponent(journalId)}`;
}

/** Address of the page that lists connections. */
export const connectionsPath = '/connections';

/** Address of the form that adds a connection. */
export const newConnectionPath = '/connections/new';

/** Address of one connection's form. */
export function connectionPath(id: string): string {
  return `/connections/${id}`;
}

/** Address of the Settings page. */
export const settingsPath = '/settings';

/** Address of the page that lists bulk runs. */
export function changesPath(connectionId: string): string {
  return clusterPath(connectionId, 'changes');
}

/** Address of the form for a bulk change from a table or a filter. */
export function newChangesPath(connectionId: string): string {
  return `${changesPath(connectionId)}/new`;
}

/** Address of the page that opens a change plan. */
export function planPath(connectionId: string): string {
  return `${changesPath(connectionId)}/plan`;
}

/** Address of one bulk run. */
export function runPath(connectionId: string, runId: string): string {
  return `${changesPath(connectionId)}/run/${encodeURIComponent(runId)}`;
}

/** Address of the page that lists customers. They span clusters; the page stays beside the one on screen. */
export function customersPath(connectionId: string): string {
  return clusterPath(connectionId, 'customers');
}

/** Address of a customer's own page. */
export function customerPath(connectionId: string, customerId: string): string {
  return `${customersPath(connectionId)}/${customerId}`;
}

/** Address of the lists of what billing systems and clusters say differently. */
export function customerChecksPath(connectionId: string): string {
  return `${customersPath(connectionId)}/checks`;
}

/** Address of the form of a billing connection; `new` adds one. */
export function billingPath(id: string): string {
  return `${connectionsPath}/billing/${id}`;
}

/** Address of the page that begins sign-ups and lists earlier ones. */
export function onboardingPath(connectionId: string): string {
  return `${customersPath(connectionId)}/onboarding`;
}

/** Address of one run of sign-ups. */
export function onboardingRunPath(connectionId: string, onboardingId: string): string {
  return `${onboardingPath(connectionId)}/${onboardingId}`;
}

/** Address of one cancellation of a customer. */
export function offboardingPath(connectionId: string, offboardingId: string): string {
  return `${customersPath(connectionId)}/offboarding/${offboardingId}`;
}

/** Addresses of the parts of Customers that are about plans and bills. */
export function customerPartPath(
  connectionId: string,
  part: 'plans' | 'drift' | 'statements' | 'invoices',
): string {
  return `${customersPath(connectionId)}/${part}`;
}
