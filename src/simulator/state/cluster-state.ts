import { BucketTable } from './bucket-table.ts';
import { type Population, populateBuckets, populateUsers } from './populate.ts';
import { populateLimitsAndQuotas, type SimulatedLimits } from './populate-limits.ts';
import { UsageStore } from './usage-store.ts';
import { type SimulatedUser, UserTable } from './user-table.ts';
import { VersionedMap } from './versioned-map.ts';

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
