import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { type AppError, invalidInput } from '#shared/errors.ts';
import type { BulkService } from '../changes/bulk/bulk-service.ts';
import type { BulkRun } from '../changes/bulk/run-summary.ts';
import type { SourceCall } from '../changes/bulk/source-calls.ts';
import type { Clusters } from '../clusters/clusters.ts';
import type { Customers } from './customers.ts';
import type { CustomerStore } from './store/customer-store.ts';

interface SuspensionParts {
  clusters: Clusters;
  customers: Customers;
  store: CustomerStore;
  bulk: BulkService;
}

type Drifting = CallOutput<'customers.suspensionDrift'>['rows'][number];

const mostUsers = 100_000;

/**
 * Prepares an ordinary bulk run of one cluster: users of suspended or ended services are disabled,
 * those of active ones enabled. A user whose services disagree is left to a person, as is one of which
 * nothing says what pays for it, unless it is asked for; one that is being cancelled to its cancellation.
 */
export async function prepareSuspensionRun(
  { clusters, customers, store, bulk }: SuspensionParts,
  { connectionId, userIds }: CallInput<'customers.suspensionRun'>,
  signal: AbortSignal,
): Promise<BulkRun> {
  await clusters.get(connectionId);
  await customers.syncClusters();
  const page = { connectionId, offset: 0, limit: mostUsers };
  const { rows } = await store.ask('suspensionDrift', page);
  const stays = new Set(await store.ask('usersOfActiveServices', { connectionId }));
  const asked = userIds && new Set<string>(userIds);
  const wanted = Map.groupBy(
    rows.filter(({ userId }) => asked?.has(userId) ?? true),
    ({ userId }) => userId,
  );
  const warnings: string[] = [];
  const calls: SourceCall[] = [];
  for (const services of wanted.values()) {
    const [{ userId, operation, email }] = services as [Drifting];
    const isEnding = services.some(({ offboardingId }) => offboardingId !== null);
    const name = email || userId;
    if (isEnding) {
      warnings.push(`${name} is being cancelled: skipped, its cancellation decides.`);
    } else if (!asked && services.every(({ byHand }) => byHand)) {
      const [{ customerName }] = services as [Drifting];
      warnings.push(
        `${name}: nothing says which service of ${customerName} pays for it: skipped, decide by hand.`,
      );
    } else if (operation === 'users.disable' && stays.has(userId)) {
      warnings.push(`${name} has another service that is active: skipped, decide by hand.`);
    } else {
      const reason = services.map(reasonOf).join('; ');
      calls.push({ line: null, call: { operation, input: { userId } }, reason });
    }
  }
  if (calls.length === 0) throw nothingToDo(warnings);
  const title = 'Bring users into the state of their services';
  const named = await bulk.guard.named(connectionId, calls, { ask: 'yes', signal });
  const run = { title, calls: named.calls, warnings: [...warnings, ...named.warnings] };
  return bulk.prepare(connectionId, { ...run, readFrom: 'gateway' }, signal);
}

/** `Suspended in WHMCS: Example Ltd, Object Storage #20012` */
function reasonOf(row: Drifting): string {
  const { serviceStatus, billingName, productName, serviceExternalId, customerName } = row;
  return `${serviceStatus} in ${billingName || 'the billing system'}: ${customerName}, ${productName} #${serviceExternalId}`;
}

function nothingToDo(warnings: readonly string[]): AppError {
  return invalidInput(
    `No user of this cluster has to be enabled or disabled. ${warnings.join(' ')}`.trim(),
    'Refresh the billing connection and the cluster, and look at the list again.',
  );
}
