import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { foundUnder } from '#test/fakes/files-under.ts';
import { taskResult } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

let gateway: Simulator;
let console_: TestConsole;
let connectionId: string;

const emails = ['ada@new.example', 'bob@new.example', 'cleo@new.example'];

beforeAll(async () => {
  gateway = await startSimulator({ users: 4, buckets: 4 });
  console_ = await TestConsole.start();
  const { url, accessKeyId, secretKey } = gateway;
  const cluster = { name: 'Rack 1', endpoint: url, accessKeyId, secretKey, environment: 'lab' };
  ({ id: connectionId } = await console_.call('connections.save', cluster as never));
  await console_.call('sync.refresh', { connectionId });
});

afterAll(async () => {
  await console_.end();
  await gateway.stop();
});

/** The files of a zip by name, as its local headers and central directory say. */
function textsOf(base64: string): Map<string, string> {
  const zip = Buffer.from(base64, 'base64');
  const texts = new Map<string, string>();
  for (let at = zip.indexOf('PK\u0001\u0002', 0, 'latin1'); at >= 0; ) {
    const [packed, length] = [zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28)];
    const local = zip.readUInt32LE(at + 42);
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = inflateRawSync(zip.subarray(from, from + packed)).toString();
    texts.set(zip.toString('utf8', at + 46, at + 46 + length), content);
    at = zip.indexOf('PK\u0001\u0002', at + 46, 'latin1');
  }
  return texts;
}

const users = () => [...gateway.state.users.byId.values()];

it('a run’s sheets are saved as one zip: a sheet each, secrets only where asked for, kept nowhere', async () => {
  const text = `email\n${emails.join('\n')}\n`;
  const { onboardingId } = await console_.call('onboarding.prepare', {
    ...{ source: { from: 'csv', text }, connectionId },
  });
  const save = (withSecret?: boolean) =>
    console_.call('onboarding.handoverAll', { onboardingId, ...(withSecret && { withSecret }) });
  await expect(save()).rejects.toMatchObject({ code: 'CONFLICT' });
  const { taskId } = await console_.call('onboarding.start', { onboardingId });
  await taskResult(console_, taskId);
  const made = users().filter(({ email }) => emails.includes(email));
  const secrets = made.map(({ keys }) => gateway.state.users.secretOf(keys[0] ?? ''));
  expect(secrets.every((secret) => secret.length > 10)).toBe(true);
  const reveals = async () =>
    (await console_.call('journal.list', { connectionId, limit: 1000 })).rows.filter(
      ({ operation }) => operation === 'keys.reveal',
    ).length;

  const without = await save();
  expect(without).toMatchObject({ sheets: 3, left: [], mediaType: 'application/zip' });
  const plain = [...textsOf(without.base64).values()].join();
  for (const email of emails) expect(plain).toContain(`User:        ${email}`);
  expect(secrets.filter((secret) => plain.includes(secret))).toEqual([]);
  expect(await reveals()).toBe(0);

  const whole = [...textsOf((await save(true)).base64).values()];
  expect(whole).toHaveLength(3);
  // each customer's sheet has its own secret and no other
  for (const sheet of whole) {
    expect(secrets.filter((secret) => sheet.includes(secret))).toHaveLength(1);
  }
  expect(await reveals()).toBe(3);

  const [gone] = made;
  if (gone) gateway.state.users.byId.delete(gone.id);
  expect(await save()).toMatchObject({ sheets: 2, left: [{ email: gone?.email }] });
  await console_.core.close();
  expect(foundUnder(console_.dataDir, emails).length).toBeGreaterThan(0);
  expect(foundUnder(console_.dataDir, secrets)).toEqual([]);
});
