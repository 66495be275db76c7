import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { call } from '../call.ts';

describe('ostor-accounts', () => {
  let simulator: Simulator;
  let selector: string;

  beforeAll(async () => {
    simulator = await startSimulator({ users: 2, buckets: 0 });
    selector = `emailAddress=${simulator.state.systemUser.email}`;
  });
  afterAll(() => simulator.stop());

  const accounts = async (method: string, query: string) =>
    (await call(simulator, method, `/?ostor-accounts&${query}`)).status;

  it('creates an account once, with POST', async () => {
    expect(await accounts('POST', `${selector}&accountName=ci`)).toBe(200);
    expect(await accounts('POST', `${selector}&accountName=ci`)).toBe(409);
    expect(await accounts('PUT', `${selector}&accountName=other`)).toBe(405);
  });

  it('lets an account sign as its user', async () => {
    const user = simulator.state.users.byId.get(simulator.state.systemUser.id);
    const [accessKeyId = ''] = user?.accounts[0]?.keys ?? [];
    expect(accessKeyId.slice(0, 16)).toBe(user?.id);
    expect((await call(simulator, 'GET', '/?ostor-users', { accessKeyId })).status).toBe(200);
  });

  it('wants a name and one selector of a user that exists', async () => {
    const { id } = simulator.state.systemUser;
    expect(await accounts('POST', selector)).toBe(400);
    expect(await accounts('POST', 'accountName=x')).toBe(400);
    expect(await accounts('DELETE', `${selector}&id=${id}&accountName=ci`)).toBe(400);
    expect(await accounts('POST', 'id=0000000000000000&accountName=x')).toBe(404);
  });

  it('removes an account with its keys', async () => {
    expect(await accounts('DELETE', `${selector}&accountName=ci`)).toBe(204);
    expect(await accounts('DELETE', `${selector}&accountName=ci`)).toBe(404);
  });
});
