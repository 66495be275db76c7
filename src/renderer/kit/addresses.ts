/** What of an address is set to other values; null and an empty value take it away. */
export type ParameterUpdate = Readonly<Record<string, string | null>>;

/** Returns the parameters of an address with some of them changed. */
export function withParameters(before: URLSearchParams, update: ParameterUpdate): URLSearchParams {
  const next = new URLSearchParams(before);
  for (const [name, value] of Object.entries(update)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  return next;
}

/** Address of a page of a cluster: `/c/<connectionId>/<page>`. */
export function clusterPath(connectionId: string, page: string): string {
  return `/c/${connectionId}/${page}`;
}

export function userPath(connectionId: string, userId: string): string {
  return `${clusterPath(connectionId, 'users')}/${encodeURIComponent(userId)}`;
}

export function bucketPath(connectionId: string, name: string): string {
  return `${clusterPath(connectionId, 'buckets')}/${encodeURIComponent(name)}`;
}

/** Address of the page of what a change is made to; null where it has none. */
export function targetPath(
  connectionId: string,
  { kind, id }: { kind: string; id: string },
): string | null {
  if (kind === 'bucket') return bucketPath(connectionId, id);
  if (kind === 'connection') return connectionPath(id);
  return kind === 'default' ? null : userPath(connectionId, id);
}

export function journalPath(connectionId: string, journalId: string): string {
  return `${clusterPath(connectionId, 'journal')}?open=${encodeURIComponent(journalId)}`;
}

export const morningPath = '/morning';

export const connectionsPath = '/connections';

/** What the address of the Connections page carries. */
export interface ConnectionsState {
  /** Asks for a field pack at once. */
  openPack?: boolean;
}

export const newConnectionPath = '/connections/new';

export function connectionPath(id: string): string {
  return `/connections/${id}`;
}

export const settingsPath = '/settings';

/** Address of the page that lists bulk runs. */
export function changesPath(connectionId: string): string {
  return clusterPath(connectionId, 'changes');
}

/** Address of the form for a bulk change from a table or a filter. */
export function newChangesPath(connectionId: string): string {
  return `${changesPath(connectionId)}/new`;
}

export function planPath(connectionId: string): string {
  return `${changesPath(connectionId)}/plan`;
}

/** Address of the page that lists the change plans kept for a cluster. */
export function plansPath(connectionId: string): string {
  return `${changesPath(connectionId)}/plans`;
}

export function keptPlanPath(connectionId: string, planId: string): string {
  return `${plansPath(connectionId)}/${encodeURIComponent(planId)}`;
}

export function runPath(connectionId: string, runId: string): string {
  return `${changesPath(connectionId)}/run/${encodeURIComponent(runId)}`;
}

export function campaignPath(connectionId: string, campaignId: string): string {
  return `${clusterPath(connectionId, 'campaigns')}/${campaignId}`;
}

/** Address of the page that lists customers. They span clusters; the cluster on screen stays. */
export function customersPath(connectionId: string): string {
  return clusterPath(connectionId, 'customers');
}

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

export function onboardingRunPath(connectionId: string, onboardingId: string): string {
  return `${onboardingPath(connectionId)}/${onboardingId}`;
}

export function offboardingPath(connectionId: string, offboardingId: string): string {
  return `${customersPath(connectionId)}/offboarding/${offboardingId}`;
}

export function customerPartPath(
  connectionId: string,
  part: 'plans' | 'drift' | 'statements' | 'invoices' | 'history',
): string {
  return `${customersPath(connectionId)}/${part}`;
}
