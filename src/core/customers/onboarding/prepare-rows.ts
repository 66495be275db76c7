import type { CallOutput } from '#shared/contract/index.ts';
import { accountName, emailAddress } from '#shared/contract/targets.ts';
import { toAppError } from '#shared/errors.ts';
import { comparable } from '#shared/plain-text.ts';
import { inTurn } from '../../changes/bulk/in-turn.ts';
import type { OperationEngine } from '../../changes/operations/engine.ts';
import type { Clusters, SavedConnection } from '../../clusters/clusters.ts';
import type { WantedRow } from '../store/onboarding.ts';
import type { Candidate } from './candidates.ts';

type Plan = CallOutput<'servicePlans.save'>;
type Problem = NonNullable<WantedRow['problem']>;

export interface PrepareParts {
  clusters: Clusters;
  engine: OperationEngine;
  plans: readonly Plan[];
  /** Clusters that users can be created on. */
  connectionIds: readonly string[];
  /** Of rows whose plan or line names no cluster. */
  connectionId?: string | undefined;
  /** Of rows whose product or line has no plan. */
  planId?: string | undefined;
  signal?: AbortSignal | undefined;
}

const lookUpsAtOnce = 6;

/** Completes candidates with plan and cluster, and finds out what keeps each from being created. */
export async function prepareRows(
  candidates: readonly Candidate[],
  parts: PrepareParts,
): Promise<WantedRow[]> {
  const connections = await connectionsOf(parts);
  const rows = candidates.map((candidate) => resolve(candidate, parts, connections));
  nameDuplicates(rows);
  const open = rows.filter(({ problem }) => problem === null);
  await inTurn(open, lookUpsAtOnce, async (row) => {
    parts.signal?.throwIfAborted();
    await lookUpEmail(row, parts);
  });
  return rows;
}

async function connectionsOf(parts: PrepareParts): Promise<SavedConnection[]> {
  return Promise.all(
    parts.connectionIds.map(async (id) => (await parts.clusters.get(id)).connection),
  );
}

function resolve(
  candidate: Candidate,
  parts: PrepareParts,
  connections: readonly SavedConnection[],
): WantedRow {
  const { plan: planName, cluster, product, ...known } = candidate;
  const plan = planOf(candidate, parts);
  const connection = clusterOf(candidate, plan, parts, connections);
  const row: WantedRow = {
    ...known,
    connectionId: connection?.id ?? null,
    planId: plan?.id ?? null,
    planName: plan?.name ?? null,
    quotaGb: known.quotaGb ?? (plan?.quotaGb === undefined ? null : String(plan.quotaGb)),
    limits: known.limits ?? plan?.limits ?? null,
    accountName: known.accountName ?? plan?.newUsers?.accountName ?? null,
    existing: null,
    cautions: [],
    unplanned: plan === null ? product : null,
  };
  row.problem ??=
    wrongEmail(row) ??
    wrongAccount(row) ??
    wrongPlan(planName, plan) ??
    wrongCluster(cluster, connection);
  if (row.problem !== null) row.unplanned = null;
  else if (plan === null) {
    row.cautions.push(
      product === null
        ? 'No plan: neither quota nor rate limits are set beyond those of the line.'
        : `No service plan has the product "${row.productName}" (product id ${product.productId}): neither quota nor rate limits are set.`,
    );
  }
  return row;
}

function planOf({ plan, product }: Candidate, { plans, planId }: PrepareParts): Plan | null {
  if (plan !== null) {
    return plans.find(({ name }) => comparable(name) === comparable(plan)) ?? null;
  }
  const ofProduct = plans.find(({ products }) =>
    products.some(
      ({ billingId, productId }) =>
        billingId === product?.billingId && productId === product.productId,
    ),
  );
  return ofProduct ?? plans.find(({ id }) => id === planId) ?? null;
}

function clusterOf(
  { cluster }: Candidate,
  plan: Plan | null,
  { connectionId }: PrepareParts,
  connections: readonly SavedConnection[],
): SavedConnection | null {
  if (cluster !== null) {
    const matches = ({ id, name }: SavedConnection): boolean =>
      id === cluster || comparable(name) === comparable(cluster);
    return connections.find(matches) ?? null;
  }
  const id = plan?.newUsers?.connectionId ?? connectionId;
  const only = connections.length === 1 ? connections[0] : undefined;
  return connections.find((connection) => connection.id === id) ?? only ?? null;
}

function wrongEmail({ email }: WantedRow): Problem | null {
  if (emailAddress.safeParse(email).success) return null;
  return {
    message: email === '' ? 'No e-mail is known.' : `"${email}" is not an e-mail address.`,
    hint: 'Correct it in the table, or in the billing system and refresh; then preview again.',
  };
}

function wrongAccount({ accountName: name }: WantedRow): Problem | null {
  if (name === null || accountName.safeParse(name).success) return null;
  return { message: `"${name}" is not a valid account name.`, hint: 'Enter another name.' };
}

function wrongPlan(name: string | null, plan: Plan | null): Problem | null {
  if (name === null || plan !== null) return null;
  return {
    message: `There is no service plan "${name}".`,
    hint: 'Enter the name of a plan as the list of service plans shows it.',
  };
}

function wrongCluster(name: string | null, connection: SavedConnection | null): Problem | null {
  if (connection === null) {
    return {
      message: name === null ? 'No cluster is named.' : `No cluster is named "${name}".`,
      hint: 'Select the cluster for new users, or set it in the service plan.',
    };
  }
  if (!connection.readOnly) return null;
  return {
    message: `The connection "${connection.name}" is read-only.`,
    hint: 'Select another cluster, or allow changes in the connection.',
  };
}

/** One e-mail twice on a cluster would be one user twice: the later rows are named. */
function nameDuplicates(rows: readonly WantedRow[]): void {
  const first = new Map<string, number>();
  rows.forEach((row, index) => {
    if (row.problem !== null) return;
    const key = `${row.connectionId} ${comparable(row.email)}`;
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, index + 1);
    else {
      row.problem = {
        message: `${row.email} is also the e-mail of row ${earlier}.`,
        hint: 'Onboard one of them; then map its user to the other, or give that one another e-mail in a table.',
      };
    }
  });
}

/** An e-mail that a user of the cluster has is named, and no second user is made of it. */
async function lookUpEmail(
  row: WantedRow,
  { engine, clusters, signal }: PrepareParts,
): Promise<void> {
  const connectionId = row.connectionId ?? '';
  try {
    const { reader } = await engine.contextOf(connectionId, signal);
    const user = await reader.userByEmail(row.email);
    if (user === null) return;
    const { connection } = await clusters.get(connectionId);
    row.existing = { connectionId, userId: user.userId };
    row.problem = {
      message: `The user ${user.userId} on "${connection.name}" has the e-mail ${row.email} already.`,
      hint: 'Map that user to the customer, or onboard this one from a table with another e-mail.',
    };
  } catch (thrown) {
    signal?.throwIfAborted();
    const { message, hint } = toAppError(thrown);
    row.problem = { message: `Whether the e-mail is free can't be read: ${message}`, hint };
  }
}
