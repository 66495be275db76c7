import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator, type Variants } from '#simulator/index.ts';
import { defaultVariants } from '#simulator/model/variants.ts';
import { counterNames, type UsageCounters } from '#simulator/state/usage-object.ts';
import { call } from '../call.ts';

type Counters = Record<'ops' | 'net_io', Record<string, string | number>>;

interface UsageObject {
  service_id: unknown;
  period: number;
  nr_items: number;
  items: { key: { bucket: string; epoch: number; user_id: string }; counters: Counters }[];
}

describe('ostor-usage', () => {
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator({
      users: 12,
      buckets: 40,
      usage: 25,
      now: Date.UTC(2026, 4, 20, 10, 30),
      variants: { usagePageSize: 10 },
    });
  });
  afterEach(() => simulator.stop());

  const set = (variants: Partial<Variants>) => Object.assign(simulator.variants, variants);
  const usage = (query = '', method = 'GET') => call(simulator, method, `/?ostor-usage${query}`);
  const names = () => simulator.state.usage.names();
  const page = async (query = '') =>
    (await usage(query)).json as { nr_items: number; truncated: boolean; items: string[] };

  it('pages through the names in order', async () => {
    const all: string[] = [];
    let reply = await page();
    all.push(...reply.items);
    while (reply.truncated) {
      reply = await page(`&after=${all.at(-1)}`);
      all.push(...reply.items);
    }
    expect(all).toEqual(names());
    expect(all).toEqual([...all].sort());
    expect(await page('&limit=3')).toEqual({
      nr_items: 3,
      truncated: true,
      items: all.slice(0, 3),
    });
    expect((await usage('&limit=0')).status).toBe(400);
  });

  it('writes the service id bare, quoted or hexadecimal', async () => {
    const plain = names().find((name) => name.includes('8000000000000065')) ?? '';
    const lettered = names().find((name) => name.includes('800000000000006a')) ?? '';
    expect((await usage(`&obj=${plain}`)).json).toMatchObject({ service_id: 8000000000000065 });
    const bare = await usage(`&obj=${lettered}`);
    expect(bare.json).toBeUndefined();
    expect(bare.text).toContain('"service_id":800000000000006a,');
    set({ serviceId: 'bare-0x' });
    expect((await usage(`&obj=${plain}`)).text).toContain('"service_id":0x8000000000000065,');
    set({ serviceId: 'quoted' });
    expect((await usage(`&obj=${lettered}`)).json).toMatchObject({
      service_id: '800000000000006a',
    });
    set({ serviceId: 'quoted-0x' });
    expect((await usage(`&obj=${plain}`)).json).toMatchObject({ service_id: '0x8000000000000065' });
  });

  function add(total: Map<string, UsageCounters>, bucket: string, { ops, net_io }: Counters) {
    const sum =
      total.get(bucket) ??
      ({ put: 0n, get: 0n, list: 0n, other: 0n, uploaded: 0n, downloaded: 0n } as UsageCounters);
    for (const name of counterNames) sum[name] += BigInt(ops[name] ?? net_io[name] ?? 0);
    total.set(bucket, sum);
  }

  it.each(['flat', 'per-class'] as const)('adds up to the truth, counters %s', async (counters) => {
    set({ serviceId: 'quoted', numbers: 'strings', counters });
    const total = new Map<string, UsageCounters>();
    for (const name of names()) {
      const object = (await usage(`&obj=${name}`)).json as UsageObject;
      for (const { key, counters: found } of object.items) {
        const classes = counters === 'flat' ? [found] : Object.values(found as object);
        for (const one of classes as Counters[]) add(total, key.bucket, one);
      }
    }
    expect(total).toEqual(simulator.state.usage.truth('bucket'));
    expect(total.size).toBeGreaterThan(10);
  });

  it('gives the same object at every fetch, unless it changes', async () => {
    const name = names()[0] ?? '';
    const first = (await usage(`&obj=${name}`)).text;
    expect((await usage(`&obj=${name}`)).text).toBe(first);
    simulator.state.usage.alter(name);
    const altered = (await usage(`&obj=${name}`)).text;
    expect(altered).not.toBe(first);
    set({ usageChanges: true });
    expect((await usage(`&obj=${name}`)).text).not.toBe(altered);
  });

  it('removes an object once, and everything where none is named', async () => {
    const [first = ''] = names();
    expect((await usage(`&obj=${first}`, 'DELETE')).status).toBe(204);
    expect((await usage(`&obj=${first}`, 'DELETE')).status).toBe(404);
    expect((await usage(`&obj=${first}`)).status).toBe(404);
    expect(simulator.log.acted('usage.removed')).toHaveLength(1);
    expect((await usage('', 'DELETE')).status).toBe(204);
    expect(names()).toEqual([]);
    expect((await usage('', 'PUT')).status).toBe(405);
  });

  it('breaks its JSON above a limit, and refuses a limit with a cursor', async () => {
    set({ usageLimitBreaksAbove: 5, usageLimitExcludesAfter: true });
    expect((await usage('&limit=5')).json).toMatchObject({ nr_items: 5 });
    const broken = await usage('&limit=6');
    expect([broken.status, broken.json]).toEqual([200, undefined]);
    expect((await usage(`&limit=5&after=${names()[0]}`)).status).toBe(400);
  });

  it('returns wrong answers as configured', async () => {
    set({ usageCountLies: true, usageTruncated: 'always' });
    expect(await page(`&after=${names().at(-1)}`)).toEqual({
      nr_items: 1,
      truncated: true,
      items: [],
    });
    set({ usageTruncated: 'never' });
    expect(await page()).toMatchObject({ nr_items: 21, truncated: false });
    set({ usageRepeatsNames: true });
    expect((await page(`&after=${names()[4]}`)).items[0]).toBe(names()[4]);
    set({ usageCursorStuck: true });
    const stuck = await page(`&after=${names()[0]}`);
    expect(await page(`&after=${stuck.items.at(-1)}`)).toEqual(stuck);
  });

  it('leads back to the start by a name dated 1970', async () => {
    set({ usage1970: true });
    const first = await page();
    const last = first.items.at(-1) ?? '';
    expect(last).toContain('-1970-01-01T');
    expect(await page(`&after=${last}`)).toEqual(first);
    expect((await usage(`&obj=${last}`)).status).toBe(404);
  });

  it('of an older version lists everything at once', async () => {
    set({ ...defaultVariants, usagePaging: false, usagePageSize: 10 });
    expect((await page(`&after=${names()[3]}&limit=2`)).items).toEqual(names());
  });
});
