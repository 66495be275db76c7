import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { taskEnd } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

const since = '2026-10-19T12:00:00.000Z';
/** From the moment stated on, beyond all that was written. */
const after = { from: since, to: '2026-10-21T00:00:00.000Z' };

let simulator: Simulator;
let console_: TestConsole;
let connectionId: string;

beforeAll(async () => {
  simulator = await startSimulator({
    usage: 200,
    users: 6,
    buckets: 10,
    now: Date.UTC(2026, 9, 20),
  });
  const { usage } = simulator.state;
  usage.hide(usage.names().filter((name) => timeIn(name) >= Date.parse(since) - 3_600_000));
  console_ = await TestConsole.start();
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  const connection = await console_.call('connections.save', {
    name: 'Rack 1',
    endpoint,
    accessKeyId,
    secretKey,
    environment: 'lab',
  });
  connectionId = connection.id;
  await collect();
});

afterAll(async () => {
  await console_.end();
  await simulator.stop();
});

const timeIn = (name: string): number =>
  Date.parse(/\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(name)?.[0] ?? '');

async function collect(): Promise<void> {
  const { taskId } = await console_.call('usage.collect', { connectionId });
  expect(await taskEnd(console_, taskId)).toMatchObject({ state: 'succeeded' });
}

const coverage = () => console_.call('usage.coverage', { connectionId, ...after });

async function hoursOf(serviceId: string): Promise<Set<string>> {
  const { services } = await coverage();
  return new Set(services.find((service) => service.serviceId === serviceId)?.hours);
}

it('a service that was retired, or is idle, leaves no gaps once that is stated', async () => {
  const { services, summary } = await coverage();
  expect(summary).toMatchObject({ state: 'gaps', silentHours: 0 });
  const [first = '', ...others] = services.map(({ serviceId }) => serviceId);
  const state = (serviceId: string, kind: 'retired' | 'idle') => {
    const reason = 'Taken out of the rack';
    return console_.call('usage.stateService', { connectionId, serviceId, kind, since, reason });
  };
  expect((await state(first, 'retired')).hours).toBeGreaterThan(36);
  expect(await hoursOf(first)).toEqual(new Set(['silent']));
  for (const serviceId of others) await state(serviceId, 'idle');
  expect((await coverage()).summary).toMatchObject({ state: 'final', missingHours: 0 });

  await console_.restart();
  const report = { connectionId, ...after, groupBy: 'user' } as const;
  const { coverage: stated } = await console_.call('usage.report', report);
  expect(stated).toMatchObject({ final: true });
  expect(stated.accepted.map(({ kind, reason, to }) => [kind, reason, to])).toContainEqual([
    'retired',
    'Taken out of the rack',
    null,
  ]);
  const { rows } = await console_.call('journal.list', { connectionId, limit: 10 });
  const entries = rows.filter(({ operation }) => operation === 'usage.stateService');
  expect(entries).toHaveLength(services.length);
  expect(entries[0]).toMatchObject({ result: 'done', ticket: 'Taken out of the rack' });

  // It writes all the same: that counts, and the statement does not from there on.
  simulator.state.usage.show();
  await collect();
  expect(await hoursOf(first)).toContain('late');
  const wrote = (await coverage()).summary.accepted.find(({ kind }) => kind === 'retired');
  expect(wrote?.wroteAt).not.toBeNull();
  expect((await coverage()).summary).toMatchObject({ state: 'gaps' });

  const acceptanceIds = (await coverage()).summary.accepted.map((one) => one.acceptanceId);
  await console_.call('usage.withdrawGaps', { connectionId, acceptanceIds });
  expect((await coverage()).summary).toMatchObject({ silentHours: 0, accepted: [] });
});
