import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WireBuckets } from '#shared/wire/clusters.ts';
import { type Simulator, startSimulator, type Variants } from '#simulator/index.ts';
import { defaultVariants } from '#simulator/model/variants.ts';
import { call } from '../call.ts';

describe('ostor-buckets', () => {
  let simulator: Simulator;
  let names: string[];

  beforeAll(async () => {
    simulator = await startSimulator({ users: 10, buckets: 4100 });
    names = [...simulator.state.buckets.readAll()].map(({ name }) => name);
  });
  afterAll(() => simulator.stop());
  beforeEach(() => {
    Object.assign(simulator.variants, defaultVariants);
  });

  const set = (variants: Partial<Variants>) => Object.assign(simulator.variants, variants);
  const buckets = (query = '', body?: string) =>
    call(simulator, 'GET', `/?ostor-buckets${query}`, body === undefined ? {} : { body });
  const namesOf = (json: unknown) => (json as WireBuckets).Buckets.map(({ name }) => name);

  it('lists all, over several parts, with integers past 2^53 exact', async () => {
    const { text, json } = await buckets();
    expect(namesOf(json)).toEqual(names);
    const huge = [...simulator.state.buckets.readAll()].filter(
      ({ byteIntegral }) => byteIntegral > 2n ** 53n,
    );
    expect(huge.length).toBeGreaterThan(100);
    for (const { byteIntegral } of huge) expect(text).toContain(`"h_integral":${byteIntegral},`);
  });

  it('writes numbers as strings', async () => {
    set({ numbers: 'strings' });
    const bucket = simulator.state.buckets.get(names[0] ?? '');
    const { json } = await buckets(`&bucket=${names[0]}`);
    expect(json).toMatchObject({
      Buckets: [{ size: { current: `${bucket?.currentBytes}`, last_ts: `${bucket?.lastHour}` } }],
    });
  });

  it('lists those of an owner', async () => {
    const ownerId = simulator.state.buckets.get(names[0] ?? '')?.ownerId ?? '';
    const owned = [...simulator.state.buckets.readAll(ownerId)].map(({ name }) => name);
    expect(namesOf((await buckets(`&id=${ownerId}`)).json)).toEqual(owned);
    expect(simulator.state.buckets.countOwnedBy(ownerId)).toBe(owned.length);
    expect((await buckets('&id=0000000000000000')).status).toBe(404);
    expect((await buckets('&emailAddress=')).status).toBe(200);
  });

  it('finds one, says not found or lists nothing', async () => {
    expect(namesOf((await buckets(`&bucket=${names[1]}`)).json)).toEqual([names[1]]);
    expect((await buckets('&bucket=none-such')).status).toBe(404);
    set({ unknownBucket: 'empty-list' });
    expect((await buckets('&bucket=none-such')).json).toEqual({ Buckets: [] });
  });

  it('finds several, and wants a list of names', async () => {
    const wanted = [names[3], 'none-such', names[2]];
    const { json } = await buckets('&multi');
    expect(json).toBeUndefined();
    expect((await buckets('&multi')).status).toBe(400);
    expect((await postedNames(JSON.stringify(wanted))).names).toEqual([names[3], names[2]]);
    expect((await postedNames('{"a":1}')).status).toBe(400);
  });

  // fetch sends no body with GET, as many clients and proxies do not: a bare socket does.
  async function postedNames(body: string): Promise<{ status: number; names: string[] }> {
    const date = new Date().toUTCString();
    const signature = createHmac('sha1', simulator.secretKey)
      .update(`GET\n\n\n${date}\n/?ostor-buckets`)
      .digest('base64');
    return await new Promise((resolve, reject) => {
      const headers = {
        date,
        authorization: `AWS ${simulator.accessKeyId}:${signature}`,
        'content-length': Buffer.byteLength(body),
      };
      const sent = request(`${simulator.url}/?ostor-buckets&multi`, { method: 'GET', headers });
      sent.on('error', reject).on('response', async (response) => {
        const text = (await response.toArray()).join('');
        const status = response.statusCode ?? 0;
        resolve({ status, names: status === 200 ? namesOf(JSON.parse(text)) : [] });
      });
      sent.end(body);
    });
  }

  it('of an older version ignores bucket and multi', async () => {
    set({ bucketSelector: false, multiSelector: false });
    expect(namesOf((await buckets('&bucket=none-such')).json)).toHaveLength(names.length);
    expect(namesOf((await buckets('&multi')).json)).toHaveLength(names.length);
  });

  it('takes one selector only, and reads only', async () => {
    const ownerId = simulator.state.buckets.get(names[0] ?? '')?.ownerId ?? '';
    expect((await buckets(`&id=${ownerId}&bucket=${names[0]}`)).status).toBe(400);
    expect((await call(simulator, 'PUT', '/?ostor-buckets')).status).toBe(405);
  });

  it('lists a change at once, or late where storage is eventually consistent', async () => {
    simulator.state.buckets.remove(names.at(-1) ?? '');
    expect(namesOf((await buckets()).json)).toHaveLength(names.length - 1);
    set({ staleMs: 60_000 });
    simulator.state.buckets.remove(names.at(-2) ?? '');
    expect(namesOf((await buckets()).json)).toContain(names.at(-2));
    expect((await buckets(`&bucket=${names.at(-2)}`)).status).toBe(200);
    expect(simulator.state.buckets.get(names.at(-2) ?? '')).toBeUndefined();
  });
});
