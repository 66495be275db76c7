import { afterEach, describe, expect, it } from 'vitest';
import { type ProfileName, type Simulator, startSimulator } from '#simulator/index.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

let simulator: Simulator;
let console_: TestConsole;
let connectionId: string;

afterEach(async () => {
  await console_.end();
  await simulator.stop();
});

/** A console on a gateway one of whose users has no e-mail, with a key, an account and a bucket. */
async function start(profile: ProfileName) {
  simulator = await startSimulator({ users: 6, buckets: 12, profile });
  const { users, buckets } = simulator.state;
  const user = [...users.byId.values()].find(
    ({ id, system }) => !system && buckets.countOwnedBy(id) > 0,
  );
  if (!user) throw new Error('The simulator has owners of buckets.');
  users.remove(user);
  const nameless = { ...user, email: '', accounts: [{ name: 'sync', keys: [] }] };
  users.put(nameless);
  console_ = await TestConsole.start();
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  const connection = await console_.call('connections.save', {
    name: 'Lab',
    endpoint,
    accessKeyId,
    secretKey,
    environment: 'lab',
    signature: 'auto',
  });
  connectionId = connection.id;
  await console_.call('sync.refresh', { connectionId });
  return nameless;
}

describe.each(['tolerant', 'guide', 'guide-wide'] as const)(
  'on a gateway that is %s',
  (profile) => {
    it('a user without an e-mail is named by its id in every message', async () => {
      const { id: userId, keys } = await start(profile);
      const [accessKeyId = ''] = keys;
      const target = { user: userId };
      const changes = [
        ['users.disable', { userId }],
        ['users.enable', { userId }],
        ['keys.generate', { userId }],
        ['keys.rotate', { userId, accessKeyId }],
        ['keys.revoke', { userId, accessKeyId }],
        ['accounts.create', { userId, accountName: 'other' }],
        ['accounts.create', { userId, accountName: 'sync' }],
        ['accounts.remove', { userId, accountName: 'sync' }],
        ['accounts.remove', { userId, accountName: 'none' }],
        ['keys.generate', { userId, accountName: 'none' }],
        ['limits.set', { target, limits: { opsGet: 5 } }],
        ['limits.clear', { target }],
        ['quotas.set', { target, sizeGb: 5 }],
        ['quotas.clear', { target }],
        ['users.remove', { userId }],
      ] as const;
      const readings = [
        ['users.get', { userId }],
        ['keys.reveal', { userId, accessKeyId }],
        ['buckets.list', { ownerId: userId, offset: 0, limit: 5 }],
        ['limits.get', { target }],
        ['quotas.get', { target }],
        ['operations.readingCommands', { of: target }],
      ] as const;
      const said: string[] = [];
      const ask = async (call: string, input: object): Promise<void> => {
        const reply = await console_.reply(call, { connectionId, ...input });
        said.push(`${call}: ${JSON.stringify(reply)}`);
        if (!reply.ok) expect([call, reply.error.code]).not.toEqual([call, 'INTERNAL']);
      };
      for (const [call, input] of readings) await ask(call, input);
      for (const [call, input] of changes) {
        await ask('operations.preview', { operation: call, input });
        await ask(call, input);
      }
      await ask('journal.list', { limit: 50 });
      for (const words of said) {
        expect(words).not.toMatch(
          /The value for|[Uu]ser {2}| of "|emailAddress=(&|"|')|-e (''|"|-)/,
        );
      }
    });
  },
);
