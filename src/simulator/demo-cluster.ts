import { type Simulator, startSimulator } from './index.ts';
import { mix32 } from './model/seeded-random.ts';
import { removeBucketOf } from './services/objects-service.ts';
import { usageObjectText } from './services/usage-service.ts';
import type { ClusterState } from './state/cluster-state.ts';
import { startWhmcsSimulator } from './whmcs/index.ts';
import type { Service, WhmcsState } from './whmcs/model/state.ts';

/** What every user and bucket stored at a moment, in milliseconds and bytes. */
interface PastSizes {
  at: number;
  users: { userId: string; email: string; bytes: bigint; buckets: number }[];
  buckets: { name: string; ownerId: string; bytes: bigint }[];
}

/** The demo cluster's address, the key pair that manages it, and the WHMCS next to it. */
export interface RunningDemo {
  endpoint: string;
  accessKeyId: string;
  secretKey: string;
  billing: { url: string; identifier: string; secret: string };
  /** Sizes of each day since the beginning of last month, 34 days at least, oldest first. */
  pastSizes(): Generator<PastSizes>;
  /** Statistics objects on the gateway, oldest first; without content where it still grows. */
  pastStatistics(): Generator<{ name: string; bytes: Uint8Array | null }>;
  /** Empties and deletes a user's buckets; null where the user is disabled. */
  emptyBuckets(userId: string): number | null;
  stop(): Promise<void>;
}

const seed = 2025;
const hour = 3_600_000;
const day = 24 * hour;
const gateways = 2;
const gigabyte = 1_000_000_000n;
/** What there is to find besides what {@link arrange} leaves: one tenant each. */
const story = ['quota-over', 'egress', 'dormant-user', 'rate-limited'] as const;
/** Users at the end of the list whom no client pays for. */
const unpaidUsers = 6;

/** The beginning of a month, UTC: this one, or an earlier one. */
function monthStart(now: number, monthsBack: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - monthsBack);
}

/**
 * Starts the demo cluster on the loopback interface, with a WHMCS next to it: 240 made-up companies'
 * users and 900 buckets, the same every time, with limits and quotas; statistics of two gateways since
 * the beginning of last month, with gaps in this one; clients who pay for all users but six; and a few
 * tenants that need attention.
 */
export async function startDemoCluster(now = Date.now()): Promise<RunningDemo> {
  // a dormant user has to have been dormant for a month
  const since = Math.min(monthStart(now, 1), now - 34 * day);
  const gateway = await startSimulator({
    users: 240,
    buckets: 900,
    quotas: true,
    usage: gateways * Math.ceil((now - since) / hour),
    usageServices: gateways,
    usagePeriodSeconds: 3600,
    usageItems: 40,
    hugeCounters: false,
    seed,
    variants: { userList: 'Users' },
  });
  const { state, url, accessKeyId, secretKey } = gateway;
  hideSome(state, monthStart(now, 0), now);
  const emails = ordinaryUsers(state).map(({ email }) => email);
  const paying = emails.slice(0, -unpaidUsers);
  const whmcs = await startWhmcsSimulator({
    ...{ seed, emails: paying, clients: paying.length, pendingOrderEvery: 75 },
  });
  arrange(state, whmcs.state);
  for (const stage of story) gateway.stage(stage);
  orderByNewClients(whmcs.state);
  return {
    endpoint: url,
    accessKeyId,
    secretKey,
    billing: { url: whmcs.url, identifier: whmcs.identifier, secret: whmcs.secret },
    pastSizes: () => pastSizes(state, since, now),
    pastStatistics: () => pastStatistics(gateway),
    emptyBuckets: (userId) => emptyBuckets(state, userId),
    stop: async () => {
      await Promise.all([gateway.stop(), whmcs.stop()]);
    },
  };
}

/** What an owner does with an S3 client before the user is deleted. */
function emptyBuckets(state: ClusterState, userId: string): number | null {
  if (state.users.byId.get(userId)?.enabled !== true) return null;
  const owned = [...state.buckets.readAll()].filter(({ ownerId }) => ownerId === userId);
  for (const { name } of owned) removeBucketOf(state, name);
  return owned.length;
}

/** Clients whose first order is pending. */
const newClients = [
  ['Juniper', 'Clinic'],
  ['Meadow', 'Press'],
  ['Quartz', 'Dental'],
];

function ordinaryUsers(state: ClusterState) {
  return [...state.users.byId.values()].filter(({ system }) => !system);
}

/** Gaps, in days of this month that are over. */
function hideSome({ usage }: ClusterState, from: number, now: number): void {
  const hidden = usage
    .allRecords()
    .filter(({ startTs }) => startTs * 1000 >= from && startTs * 1000 < now - 2 * day)
    .filter(({ startTs }) => mix32(seed, startTs, 0x676170) % 60 === 0);
  usage.hide(hidden.map(({ name }) => name));
}

/**
 * Makes cluster and WHMCS agree as they do at a provider that looks after them, but for what there is to
 * find: one service is suspended whose user is enabled, and one user has more quota than its plan.
 */
function arrange(cluster: ClusterState, { clients, services, products }: WhmcsState): void {
  for (const client of clients.values()) Object.assign(client, { currency: 1, status: 'Active' });
  const userOf = new Map(ordinaryUsers(cluster).map((user) => [user.email, user]));
  const used = usedBy(cluster);
  const running: Service[] = [];
  for (const service of services.values()) {
    const user = userOf.get(clients.get(service.clientid)?.email ?? '');
    if (!user || service.status === 'Pending') continue;
    const stored = (used.get(user.id) ?? 0n) / gigabyte;
    service.pid = stored < 80n ? 11 : stored < 800n ? 12 : 13;
    service.recurringamount = products.get(service.pid)?.monthly ?? 0;
    service.status = user.enabled ? 'Active' : 'Suspended';
    service.suspensionreason = user.enabled ? '' : 'Overdue on payment';
    const quota = { 11: 100n, 12: 1000n }[service.pid];
    if (quota !== undefined) cluster.quotas.set(`user:${user.id}`, quota);
    if (user.enabled && quota !== undefined) running.push(service);
  }
  const [suspended, enlarged] = running;
  if (suspended) Object.assign(suspended, { status: 'Suspended', suspensionreason: 'Overdue' });
  const drifting = userOf.get(clients.get(enlarged?.clientid ?? 0)?.email ?? '');
  if (drifting) cluster.quotas.set(`user:${drifting.id}`, 5000n);
}

/** Pending orders are those of new clients, of whom no cluster knows anything yet. */
function orderByNewClients({ clients, services, orders }: WhmcsState): void {
  const pending = [...services.values()].filter(({ status }) => status === 'Pending');
  for (const [index, service] of pending.entries()) {
    const like = clients.get(service.clientid);
    const [first = 'New', last = 'Client'] = newClients[index] ?? [];
    const domain = `${first}-${last}.example`.toLowerCase();
    const id = Math.max(...clients.keys()) + 1;
    if (!like) continue;
    clients.set(id, {
      ...like,
      ...{ id, firstname: first, lastname: last, companyname: `${first} & ${last}` },
      email: `it@${domain}`,
      owner: { id: 5000 + id, name: first, email: `it@${domain}` },
    });
    service.clientid = id;
    for (const order of orders.values()) {
      if (order.serviceIds.includes(service.id)) order.userid = id;
    }
  }
}

function usedBy({ buckets }: ClusterState): Map<string, bigint> {
  const used = new Map<string, bigint>();
  for (const { ownerId, currentBytes } of buckets.readAll()) {
    used.set(ownerId, (used.get(ownerId) ?? 0n) + currentBytes);
  }
  return used;
}

function* pastStatistics({ state: { usage }, variants }: Simulator) {
  const records = usage.names().flatMap((name) => usage.find(name) ?? []);
  for (const record of records.sort((one, other) => one.startTs - other.startTs)) {
    const text = (): string =>
      usageObjectText(variants, record, record.period, usage.items(record));
    const bytes = usage.isGrowing(record) ? null : new TextEncoder().encode(text());
    yield { name: record.name, bytes };
  }
}

function* pastSizes(state: ClusterState, since: number, now: number): Generator<PastSizes> {
  const users = [...state.users.byId.values()];
  const all = [...state.buckets.readAll()];
  for (let at = since; at < now - hour; at += day) {
    const buckets = all
      .filter(({ createdAt }) => createdAt <= at)
      .map(({ name, ownerId, currentBytes }, index) => ({
        ...{ name, ownerId },
        bytes: grown(currentBytes, { days: 4 + (index % 7), age: at - since, whole: now - since }),
      }));
    const sums = new Map<string, { bytes: bigint; buckets: number }>();
    for (const { ownerId, bytes } of buckets) {
      const sum = sums.get(ownerId) ?? { bytes: 0n, buckets: 0 };
      sums.set(ownerId, { bytes: sum.bytes + bytes, buckets: sum.buckets + 1 });
    }
    yield {
      at,
      users: users.map(({ id, email }) => ({
        ...{ userId: id, email },
        ...(sums.get(id) ?? { bytes: 0n, buckets: 0 }),
      })),
      buckets,
    };
  }
}

/** What a bucket stored earlier: it grew from 60 % to what it has, a step every few days. */
function grown(
  bytes: bigint,
  { days, age, whole }: { days: number; age: number; whole: number },
): bigint {
  const steps = BigInt(Math.ceil(whole / (days * day)) || 1);
  const step = BigInt(Math.floor(age / (days * day)));
  return (bytes * (60n * steps + 40n * step)) / (100n * steps);
}
