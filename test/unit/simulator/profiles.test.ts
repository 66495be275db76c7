import { afterEach, describe, expect, it } from 'vitest';
import { type ProfileName, type Simulator, startSimulator } from '#simulator/index.ts';
import { call } from './call.ts';

let simulator: Simulator;

async function start(profile: ProfileName): Promise<{ id: string; email: string }> {
  simulator = await startSimulator({ users: 4, buckets: 6, usage: 4, profile });
  const [, user] = [...simulator.state.users.byId.values()];
  if (!user) throw new Error('The simulator has users.');
  return { id: user.id, email: encodeURIComponent(user.email) };
}

afterEach(() => simulator.stop());

const users = (text: string): unknown[] => JSON.parse(text) as unknown[];

describe('the profile "guide"', () => {
  it('answers what the guide prints', async () => {
    const { id, email } = await start('guide');
    const list = await call(simulator, 'GET', '/?ostor-users');
    for (const user of users(list.text)) {
      expect(Object.keys(user as object)).toEqual(['UserEmail', 'UserId', 'State', 'OwnerId']);
    }
    const single = await call(simulator, 'GET', `/?ostor-users&emailAddress=${email}`);
    expect(single.json).toMatchObject({ UserId: id, Flags: [], AccountCount: expect.any(String) });
    for (const [method, target] of [
      ['POST', `/?ostor-users&emailAddress=${email}&disable`],
      ['POST', `/?ostor-users&emailAddress=${email}&enable`],
      ['POST', `/?ostor-accounts&emailAddress=${email}&accountName=account`],
      ['POST', `/?ostor-users&emailAddress=${email}&accountName=account&genKey`],
      ['DELETE', `/?ostor-accounts&emailAddress=${email}&accountName=account`],
      ['GET', `/?ostor-buckets&emailAddress=${email}`],
      [
        'PUT',
        `/?ostor-limits&emailAddress=${email}&limit-type=ops&limit-resource=get&limit-value=3600`,
      ],
      ['GET', `/?ostor-limits&emailAddress=${email}`],
      ['DELETE', `/?ostor-limits&emailAddress=${email}`],
      ['PUT', `/?ostor-quotas&emailAddress=${email}&quota-size=1024`],
      ['GET', `/?ostor-quotas&emailAddress=${email}`],
      ['PUT', '/?ostor-quotas&default=user&quota-size=1024'],
      ['GET', '/?ostor-usage'],
    ] as const) {
      const { status } = await call(simulator, method, target);
      expect([target, status >= 200 && status < 300]).toEqual([target, true]);
    }
  });

  it('refuses with 400 what the guide does not name, and does nothing', async () => {
    const { id, email } = await start('guide');
    for (const [method, target] of [
      ['GET', `/?ostor-users&id=${id}`],
      ['GET', '/?ostor-users&space'],
      ['POST', `/?ostor-users&id=${id}&disable`],
      ['DELETE', `/?ostor-users&id=${id}`],
      ['POST', `/?ostor-accounts&id=${id}&accountName=account`],
      ['GET', `/?ostor-buckets&id=${id}`],
      ['PUT', `/?ostor-quotas&id=${id}&quota-size=1`],
      ['PUT', `/?ostor-limits&emailAddress=${email}&ops&default=60`],
      ['DELETE', `/?ostor-limits&emailAddress=${email}&ops`],
      ['GET', '/?ostor-usage&after=x'],
    ] as const) {
      const { status, text } = await call(simulator, method, target);
      expect([target, status, text]).toEqual([
        target,
        400,
        expect.stringContaining('InvalidArgument'),
      ]);
    }
    expect(simulator.log.acted()).toEqual([]);
  });
});

it('the profile "guide-wide" overlooks what the guide does not name, and answers wide', async () => {
  const { id } = await start('guide-wide');
  const { json } = await call(simulator, 'GET', `/?ostor-buckets&id=${id}`);
  expect((json as { Buckets: unknown[] }).Buckets).toHaveLength(6);
  expect(users((await call(simulator, 'GET', `/?ostor-users&id=${id}`)).text)).toHaveLength(4);
  expect((await call(simulator, 'DELETE', `/?ostor-users&id=${id}`)).status).toBe(400);
});

it('the profile "guide-v4" refuses V2 without a reason', async () => {
  await start('guide-v4');
  const { status, text } = await call(simulator, 'GET', '/?ostor-users');
  expect([status, text]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')]);
});
