import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator, type Variants } from '#simulator/index.ts';
import { defaultVariants } from '#simulator/model/variants.ts';
import type { SimulatedUser } from '#simulator/state/user-table.ts';
import { call } from '../call.ts';

describe('ostor-users', () => {
  let simulator: Simulator;
  let owner: SimulatedUser;
  let number = 0;

  beforeAll(async () => {
    simulator = await startSimulator({ users: 30, buckets: 20, duplicateEmails: 2 });
    const users = [...simulator.state.users.byId.values()];
    owner = users.find(({ id }) => simulator.state.buckets.countOwnedBy(id) > 0) as SimulatedUser;
  });
  afterAll(() => simulator.stop());
  beforeEach(() => {
    Object.assign(simulator.variants, defaultVariants);
  });

  const set = (variants: Partial<Variants>) => Object.assign(simulator.variants, variants);
  const users = (method: string, query = '') => call(simulator, method, `/?ostor-users${query}`);
  async function create(): Promise<{ email: string; id: string; key: string }> {
    number += 1;
    const email = `made-${number}@test.example`;
    const { json } = await users('PUT', `&emailAddress=${email}`);
    const made = json as { UserId: string; AWSAccessKeys: { AWSAccessKeyId: string }[] };
    return { email, id: made.UserId, key: made.AWSAccessKeys[0]?.AWSAccessKeyId ?? '' };
  }

  it('lists in every shape', async () => {
    const bare = (await users('GET')).json as unknown[];
    expect(bare).toHaveLength(30);
    expect(bare[0]).not.toHaveProperty('Flags');
    set({ userList: 'Users' });
    const wrapped = (await users('GET')).json as { Users: Record<string, unknown>[] };
    expect(wrapped.Users[0]).toMatchObject({ Flags: ['system'] });
    set({ userList: 'users' });
    expect((await users('GET')).json).toHaveProperty('users');
    set({ userList: 'array-with-secrets' });
    const [first] = (await users('GET')).json as Record<string, unknown>[];
    expect(first).toMatchObject({ AWSAccessKeys: [{ AWSSecretAccessKey: simulator.secretKey }] });
    expect(first).not.toHaveProperty('State');
  });

  it('adds sums of the buckets where space is asked for and known', async () => {
    const spaceOf = async () => {
      const list = (await users('GET', '&space')).json as Record<string, unknown>[];
      return list.find(({ UserId }) => UserId === owner.id)?.SpaceStat;
    };
    const total = [...simulator.state.buckets.readAll(owner.id)].reduce(
      (sum, { currentBytes }) => sum + currentBytes,
      0n,
    );
    expect(await spaceOf()).toMatchObject({ SizeCurr: Number(total) });
    set({ numbers: 'strings' });
    expect(await spaceOf()).toMatchObject({ SizeCurr: total.toString() });
    set({ space: false });
    expect(await spaceOf()).toBeUndefined();
    set({ space: true, spaceOmittedWhenEmpty: true });
    const [system] = (await users('GET', '&space')).json as object[];
    expect(system).not.toHaveProperty('SpaceStat');
  });

  it('selects by exactly one of e-mail and id; empty is absent', async () => {
    const byId = await users('GET', `&id=${owner.id}`);
    expect(byId.json).toMatchObject({ UserEmail: owner.email });
    expect((await users('GET', `&emailAddress=&id=${owner.id}`)).json).toEqual(byId.json);
    const both = await users('GET', `&emailAddress=${owner.email}&id=${owner.id}`);
    expect(both.status).toBe(400);
    expect((await users('GET', '&emailAddress=nobody@test.example')).status).toBe(404);
  });

  it('takes a raw plus for a space, or not', async () => {
    await users('PUT', '&emailAddress=a%2Bb@test.example');
    expect((await users('GET', '&emailAddress=a%2Bb@test.example')).status).toBe(200);
    expect((await users('GET', '&emailAddress=a+b@test.example')).status).toBe(404);
    set({ plusInQuery: 'literal' });
    expect((await users('GET', '&emailAddress=a+b@test.example')).status).toBe(200);
  });

  it('writes secrets, counts and old details in their variants', async () => {
    const { email, id } = await create();
    for (const name of ['one', 'two']) {
      await call(simulator, 'POST', `/?ostor-accounts&id=${id}&accountName=${name}`);
      await users('POST', `&emailAddress=${email}&accountName=${name}&genKey`);
    }
    set({ secretKeyTypo: true, accountCount: 'number' });
    const { text, json } = await users('GET', `&id=${id}`);
    expect(text.match(/"AWSecretAccessKey"/g)).toHaveLength(2);
    expect(json).toMatchObject({ AccountCount: 2 });
    set({ userDetail: 'keys-only' });
    expect(Object.keys((await users('GET', `&id=${id}`)).json as object)).toEqual([
      'UserEmail',
      'UserId',
      'AWSAccessKeys',
    ]);
  });

  it('creates on an e-mail that is taken: conflict, second user, or the same', async () => {
    const { email, id } = await create();
    expect((await users('PUT', `&emailAddress=${email}`)).status).toBe(409);
    set({ existingEmail: 'existing-user' });
    expect((await users('PUT', `&emailAddress=${email}`)).json).toMatchObject({ UserId: id });
    set({ existingEmail: 'second-user' });
    const second = (await users('PUT', `&emailAddress=${email}`)).json as { UserId: string };
    expect(second.UserId).not.toBe(id);
    expect((await users('PUT', `&emailAddress=${email}&genKey`)).status).toBe(400);
    expect((await users('PUT')).status).toBe(400);
  });

  it('has users who share an e-mail', () => {
    const emails = [...simulator.state.users.byId.values()].map(({ email }) => email).slice(0, 30);
    expect(new Set(emails).size).toBe(28);
  });

  it('returns the new pair or all, two at most', async () => {
    const { email, key } = await create();
    set({ generatedKeys: 'all', keyLimitStatus: 403 });
    const { json } = await users('POST', `&emailAddress=${email}&genKey`);
    const { AWSAccessKeys } = json as { AWSAccessKeys: { AWSAccessKeyId: string }[] };
    expect(AWSAccessKeys).toHaveLength(2);
    expect(AWSAccessKeys[0]?.AWSAccessKeyId).toBe(key);
    expect((await users('POST', `&emailAddress=${email}&genKey`)).status).toBe(403);
  });

  it('revokes known keys, the last one if allowed', async () => {
    const { email, key } = await create();
    set({ revokeLastKey: false });
    expect((await users('POST', `&emailAddress=${email}&revokeKey=${key}`)).status).toBe(409);
    set({ revokeLastKey: true });
    expect((await users('POST', `&emailAddress=${email}&revokeKey=${key}`)).status).toBe(200);
    expect((await users('POST', `&emailAddress=${email}&revokeKey=${key}`)).status).toBe(404);
  });

  it('takes exactly one action, by id only where that is known', async () => {
    const { email, id } = await create();
    expect((await users('POST', `&emailAddress=${email}`)).status).toBe(400);
    expect((await users('POST', `&emailAddress=${email}&enable&disable`)).status).toBe(400);
    expect((await users('POST', `&id=${id}&disable`)).status).toBe(400);
    set({ postById: true });
    expect((await users('POST', `&id=${id}&disable`)).status).toBe(200);
    expect(simulator.state.users.byId.get(id)?.enabled).toBe(false);
    const unknown = `&emailAddress=${email}&accountName=none&genKey`;
    expect((await users('POST', unknown)).status).toBe(404);
  });

  it('does not remove who owns buckets', async () => {
    set({ userOwnsBucketsStatus: 403 });
    const reply = await users('DELETE', `&id=${owner.id}`);
    expect(reply.status).toBe(403);
    expect(reply.text).toContain('UserOwnsBuckets');
  });

  it('removes with 204 or 203, with a content type and no body', async () => {
    const first = await users('DELETE', `&id=${(await create()).id}`);
    expect([first.status, first.text]).toEqual([204, '']);
    expect(first.headers.get('content-type')).toBe('application/json');
    set({ deletedStatus: 203, deletedContentType: 'none' });
    const second = await users('DELETE', `&id=${(await create()).id}`);
    expect([second.status, second.headers.get('content-type')]).toEqual([203, null]);
  });

  it('says what an error is in every form', async () => {
    const missing = '&emailAddress=nobody@test.example';
    const of = async (errorForm: Variants['errorForm']) => {
      set({ errorForm });
      const { status, headers, text } = await users('GET', missing);
      return { status, message: headers.get('x-amz-err-message'), text };
    };
    const message = 'The specified user does not exist';
    const xml = expect.stringContaining(`<Message>${message}</Message>`);
    expect(await of('xml-and-header')).toEqual({ status: 404, message, text: xml });
    expect(await of('xml')).toEqual({ status: 404, message: null, text: xml });
    expect(await of('header')).toEqual({ status: 404, message, text: '' });
    expect(await of('empty')).toEqual({ status: 404, message: null, text: '' });
    const json = JSON.stringify({ code: 'NoSuchUser', message });
    expect(await of('json')).toEqual({ status: 404, message: null, text: json });
  });

  it('shows writes late where storage is eventually consistent', async () => {
    const { email, id } = await create();
    set({ staleMs: 60_000 });
    await users('POST', `&emailAddress=${email}&disable`);
    const created = await create();
    const removed = simulator.state.users.byId.get(id);
    expect(removed?.enabled).toBe(false);
    expect((await users('GET', `&id=${id}`)).json).toMatchObject({ State: 'enabled' });
    expect((await users('GET', `&id=${created.id}`)).status).toBe(404);
    const list = (await users('GET')).json as { UserId: string; State: string }[];
    expect(list.find(({ UserId }) => UserId === id)?.State).toBe('enabled');
    expect(list.some(({ UserId }) => UserId === created.id)).toBe(false);
  });

  it('gives every answer a unique request id', async () => {
    const ids = [await users('GET'), await users('GET')].map(({ headers }) =>
      headers.get('x-amz-request-id'),
    );
    expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(ids[1]).not.toBe(ids[0]);
    expect(simulator.log.entries.at(-1)?.requestId).toBe(ids[1]);
  });

  it('refuses methods and services it does not have', async () => {
    expect((await users('PATCH')).status).toBe(405);
    expect((await call(simulator, 'GET', '/?ostor-unknown')).status).toBe(400);
  });
});
