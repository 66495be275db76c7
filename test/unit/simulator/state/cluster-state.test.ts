import { describe, expect, it } from 'vitest';
import { populationOf, type SimulatorOptions } from '#simulator/options.ts';
import { ClusterState } from '#simulator/state/cluster-state.ts';

const now = Date.UTC(2026, 4, 20);

function cluster(options: SimulatorOptions): ClusterState {
  return new ClusterState(populationOf({ now, ...options }), () => 0);
}

function facts(state: ClusterState) {
  return {
    users: [...state.users.byId.values()],
    buckets: [...state.buckets.readAll()],
    quotas: [...state.quotas.keys()].map((key) => [key, state.quotas.get(key)]),
    secret: state.users.secretOf(state.systemUser.keys[0] ?? ''),
  };
}

describe('ClusterState', () => {
  const options = { users: 300, buckets: 900, quotas: true };

  it('is the same for the same seed, another for another', () => {
    expect(facts(cluster(options))).toEqual(facts(cluster(options)));
    const other = facts(cluster({ ...options, seed: 2 }));
    expect(other.users).not.toEqual(facts(cluster(options)).users);
    expect(other.secret).not.toBe(facts(cluster(options)).secret);
  });

  it('has as much as asked for, under unique names', () => {
    const { users, buckets } = facts(cluster(options));
    expect(new Set(users.map(({ id }) => id)).size).toBe(300);
    expect(new Set(users.map(({ email }) => email)).size).toBe(300);
    expect(new Set(buckets.map(({ name }) => name)).size).toBe(900);
    for (const { email } of users) expect(email).toMatch(/^[a-z0-9-]+@[a-z0-9-]+\.example$/);
    for (const { name } of buckets) expect(name).toMatch(/^[a-z0-9][a-z0-9-]{2,62}$/);
  });

  it('has users of every kind', () => {
    const { users } = facts(cluster(options));
    expect(users.filter(({ system }) => system)).toHaveLength(1);
    expect(users.filter(({ enabled }) => !enabled).length).toBeGreaterThan(5);
    for (const count of [0, 1, 2]) {
      expect(users.filter(({ keys }) => keys.length === count).length).toBeGreaterThan(5);
    }
    expect(users.filter(({ accounts }) => accounts.length > 0).length).toBeGreaterThan(5);
    for (const { id, keys } of users) for (const key of keys) expect(key.slice(0, 16)).toBe(id);
  });

  it('has sizes over orders of magnitude, empty buckets, and integrals past 2^53', () => {
    const { buckets } = facts(cluster(options));
    const digits = new Set(buckets.map(({ currentBytes }) => String(currentBytes).length));
    expect(digits.size).toBeGreaterThan(8);
    expect(buckets.filter(({ currentBytes }) => currentBytes === 0n).length).toBeGreaterThan(20);
    expect(buckets.some(({ byteIntegral }) => byteIntegral > 2n ** 53n)).toBe(true);
    for (const bucket of buckets) {
      expect(bucket.peakBytes).toBeGreaterThanOrEqual(bucket.currentBytes);
      expect(bucket.byteIntegral).toBeLessThan(2n ** 63n);
      expect(bucket.createdAt).toBeLessThan(now);
      expect(bucket.lastHour * 3_600_000).toBeLessThanOrEqual(now);
    }
  });

  it('has quotas that are unlimited, nearly used up, exceeded and ample', () => {
    const state = cluster(options);
    const shares = [...state.buckets.readAll()].flatMap(({ name, currentBytes }) => {
      const quota = state.quotas.get(`bucket:${name}`);
      if (quota === undefined) return [];
      return quota === 0n ? [-1] : [Number(currentBytes / 1_000_000n) / Number(quota * 1000n)];
    });
    expect(shares).toContain(-1);
    expect(shares.some((share) => share > 0.9 && share < 1)).toBe(true);
    expect(shares.some((share) => share > 1)).toBe(true);
    expect(shares.some((share) => share >= 0 && share < 0.6)).toBe(true);
    expect(state.quotas.get('default:user')).toBeGreaterThan(0n);
    expect(state.limits.size).toBeGreaterThan(20);
  });
});
