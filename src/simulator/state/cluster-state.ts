import { mix32 } from '../model/seeded-random.ts';
import { BucketTable } from './bucket-table.ts';
import { type Population, populateBuckets, populateUsers } from './populate.ts';
import { UsageStore } from './usage-store.ts';
import { type SimulatedUser, UserTable } from './user-table.ts';
import { VersionedMap } from './versioned-map.ts';

/** The resources of a rate limit as the gateway names them. */
export const limitNames = [
  'ops:default',
  'ops:get',
  'ops:put',
  'ops:list',
  'ops:delete',
  'bandwidth:out',
] as const;

export type LimitName = (typeof limitNames)[number];

/** Limits in operations a second and kbs/s; 0 is unlimited. */
export type SimulatedLimits = Readonly<Record<LimitName, number>>;

const gigabyte = 1_000_000_000n;
const rates = [50, 100, 250, 500, 1000, 3600] as const;
const bandwidths = [0, 1024, 10_240, 51_200, 102_400] as const;

/** The parts of a cluster that get limits and quotas. */
interface PopulatedState {
  seed: number;
  buckets: BucketTable;
  limits: VersionedMap<string, SimulatedLimits>;
  quotas: VersionedMap<string, bigint>;
}

/** Gives some users and buckets limits and quotas, some nearly used up, and sets the two defaults. */
function populateLimitsAndQuotas(state: PopulatedState, users: readonly SimulatedUser[]): void {
  state.quotas.set('default:user', 20_000n);
  state.quotas.set('default:bucket', 5_000n);
  const used = new Map<string, bigint>();
  for (const bucket of state.buckets.readAll()) {
    used.set(bucket.ownerId, (used.get(bucket.ownerId) ?? 0n) + bucket.currentBytes);
    const hash = mix32(state.seed, bucket.lastHour, Number(bucket.currentBytes & 0xffffffffn));
    const key = `bucket:${bucket.name}`;
    if (hash % 6 === 0) state.quotas.set(key, quotaFor(bucket.currentBytes, hash));
    if (hash % 13 === 0) state.limits.set(key, limitsFor(hash));
  }
  users.forEach((user, index) => {
    if (user.system) return;
    const hash = mix32(state.seed, index, 0x71756f74);
    if (hash % 3 === 0)
      state.quotas.set(`user:${user.id}`, quotaFor(used.get(user.id) ?? 0n, hash));
    if (hash % 7 === 0) state.limits.set(`user:${user.id}`, limitsFor(hash));
  });
}

/** A quota in GB: unlimited, nearly used up, exceeded or ample. */
function quotaFor(usedBytes: bigint, hash: number): bigint {
  const usedGb = usedBytes / gigabyte + 1n;
  const percent = [0n, 102n, 108n, 125n, 95n, 200n, 400n][(hash >>> 8) % 7] ?? 200n;
  return percent === 0n ? 0n : (usedGb * percent) / 100n + 1n;
}

function limitsFor(hash: number): SimulatedLimits {
  const rate = (shift: number) => rates[(hash >>> shift) % rates.length] ?? 0;
  return {
    'ops:default': rate(4),
    'ops:get': hash % 2 === 0 ? rate(8) : 0,
    'ops:put': hash % 5 === 0 ? rate(12) : 0,
    'ops:list': 0,
    'ops:delete': hash % 3 === 0 ? 0.5 : 0,
    'bandwidth:out': bandwidths[(hash >>> 16) % bandwidths.length] ?? 0,
  };
}

/** Everything the simulated gateway knows. Tests look at it to learn the truth. */
export class ClusterState {
  readonly users: UserTable;
  readonly buckets: BucketTable;
  /** By `user:<id>` or `bucket:<name>`. */
  readonly limits: VersionedMap<string, SimulatedLimits>;
  /** In GB, by `user:<id>`, `bucket:<name>`, `default:user` or `default:bucket`. */
  readonly quotas: VersionedMap<string, bigint>;
  readonly usage: UsageStore;
  /** Ordinary S3 objects, by `bucket/key`. */
  readonly objects = new Map<string, { body: Buffer; contentType: string }>();
  readonly systemUser: SimulatedUser;
  readonly seed: number;

  constructor(population: Population, staleMs: () => number, clock: () => number = Date.now) {
    this.seed = population.seed;
    this.users = new UserTable(population.seed, staleMs);
    this.buckets = new BucketTable(staleMs);
    this.limits = new VersionedMap(staleMs);
    this.quotas = new VersionedMap(staleMs);
    this.systemUser = populateUsers(this.users, population);
    const users = [...this.users.byId.values()];
    populateBuckets(this.buckets, users, population);
    if (population.quotas) populateLimitsAndQuotas(this, users);
    const { seed, now, usage } = population;
    const source = {
      buckets: this.buckets,
      bucketCount: this.buckets.size,
      userIds: users.filter((user) => !user.system).map((user) => user.id),
      itemsPerObject: usage.itemsPerObject,
      hugeCounters: usage.hugeCounters,
    };
    this.usage = new UsageStore({ seed, now, ...usage }, source, staleMs, clock);
  }
}
