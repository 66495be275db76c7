import { expect, test } from 'vitest';
import { createQueryClient } from '#renderer/kit/rpc/console-context.tsx';
import { applyEvent, callKey, isStaleBy } from '#renderer/kit/rpc/invalidation.ts';
import { type DataTopic, dataTopics } from '#shared/contract/events.ts';
import { type CallName, contract } from '#shared/contract/index.ts';
import { fakeStatus } from '#test/fakes/fake-cluster.ts';

const onA = { connectionId: 'a' };

test('makes stale what an event is about, of that connection alone', () => {
  const client = createQueryClient();
  const usersOfA = callKey('users.list', { ...onA, offset: 0, limit: 100 });
  const bucketsOfA = callKey('buckets.get', { ...onA, name: 'x' });
  const usersOfB = callKey('users.list', { connectionId: 'b', offset: 0, limit: 100 });
  const customer = callKey('customers.get', { customerId: '7' });
  const drift = callKey('customers.suspensionDrift', { offset: 0, limit: 25 });
  for (const key of [usersOfA, bucketsOfA, usersOfB, customer, drift]) client.setQueryData(key, {});
  applyEvent(client, { name: 'data.changed', payload: { connectionId: 'a', topics: ['bulk'] } });
  expect(client.getQueryState(usersOfA)?.isInvalidated).toBe(false);
  expect(client.getQueryState(customer)?.isInvalidated).toBe(false);
  applyEvent(client, { name: 'data.changed', payload: { connectionId: 'a', topics: ['users'] } });
  expect(client.getQueryState(usersOfA)?.isInvalidated).toBe(true);
  expect(client.getQueryState(bucketsOfA)?.isInvalidated).toBe(true);
  expect(client.getQueryState(usersOfB)?.isInvalidated).toBe(false);
  // a customer shows its users on every cluster, and they are compared with its services
  expect(client.getQueryState(customer)?.isInvalidated).toBe(true);
  expect(client.getQueryState(drift)?.isInvalidated).toBe(true);
});

test('what belongs to no cluster is stale by the data of any, one cluster’s part of it by its own', () => {
  const client = createQueryClient();
  const page = { offset: 0, limit: 25 };
  const ofCustomers = callKey('statements.issued', page);
  const register = callKey('statements.issued', { connectionId: 'b', ...page });
  const drift = callKey('servicePlans.drift', { connectionId: 'a', ...page });
  const unused = callKey('customers.unused', page);
  const keys = [ofCustomers, register, drift, unused];
  for (const key of keys) client.setQueryData(key, {});
  applyEvent(client, { name: 'data.changed', payload: { ...onA, topics: ['usage', 'quotas'] } });
  expect(keys.map((key) => client.getQueryState(key)?.isInvalidated)).toEqual([
    ...[true, false, true, false],
  ]);
  applyEvent(client, { name: 'data.changed', payload: { ...onA, topics: ['users'] } });
  expect(client.getQueryState(unused)?.isInvalidated).toBe(true);
});

test('a billing system that begins to be read makes nothing stale but that it is being read', () => {
  const client = createQueryClient();
  const keys = [
    callKey('billing.list', {}),
    callKey('statements.previewAll', { from: '', to: '' }),
    callKey('customers.get', { customerId: '7' }),
  ];
  for (const key of keys) client.setQueryData(key, {});
  const stale = () => keys.map((key) => client.getQueryState(key)?.isInvalidated);
  applyEvent(client, { name: 'customers.changed', payload: { onlyReading: true } });
  expect(stale()).toEqual([true, false, false]);
  applyEvent(client, { name: 'customers.changed', payload: {} });
  expect(stale()).toEqual([true, true, true]);
});

test.each<[CallName, DataTopic[], boolean]>([
  ['users.get', ['keys'], true],
  ['users.get', ['limits'], false],
  ['sync.overview', ['buckets'], true],
  ['buckets.list', ['users'], true],
  ['limits.grid', ['inventory'], true],
  ['keys.list', ['inventory'], true],
  ['inventory.status', ['inventory'], true],
  ['limits.get', ['inventory'], false],
  ['journal.list', ['journal'], true],
  ['journal.list', ['users'], false],
])('%s is stale by %s: %s', (name, topics, stale) => {
  expect(isStaleBy(name, topics)).toBe(stale);
});

test.each(dataTopics)('the topic %s makes something stale', (topic) => {
  expect(
    (Object.keys(contract) as CallName[]).filter((name) => isStaleBy(name, [topic])),
  ).not.toEqual([]);
});

test('puts a status on screen at once', () => {
  const client = createQueryClient();
  const key = callKey('sync.status', onA);
  client.setQueryData(key, fakeStatus());
  const status = fakeStatus({ state: 'offline' });
  applyEvent(client, { name: 'sync.changed', payload: { ...onA, status } });
  expect(client.getQueryData(key)).toEqual(status);
});

test('an answer given before a newer status does not replace it', async () => {
  const client = createQueryClient();
  const queryKey = callKey('sync.status', onA);
  let answer: (status: ReturnType<typeof fakeStatus>) => void = () => undefined;
  const reading = client.fetchQuery({
    queryKey,
    queryFn: () => new Promise<ReturnType<typeof fakeStatus>>((resolve) => (answer = resolve)),
  });
  const reported = fakeStatus({ state: 'offline' });
  applyEvent(client, { name: 'sync.changed', payload: { ...onA, status: reported } });
  answer(fakeStatus({ refreshing: { taskId: 't', stage: 'users', done: 0 } }));
  await reading.catch(() => undefined);
  expect(client.getQueryData(queryKey)).toEqual(reported);
});
