import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { startWhmcsSimulator, type WhmcsSimulator } from '#simulator/whmcs/index.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

/** As many as one refresh asks for their owners. */
const atOnce = 300;

let gateway: Simulator;
let whmcs: WhmcsSimulator;
let console_: TestConsole;
let id: string;
/** A user that no client has the e-mail of. */
let user: { id: string; email: string };

beforeEach(async () => {
  gateway = await startSimulator({ users: 3, buckets: 0 });
  const found = [...gateway.state.users.byId.values()].find(({ system }) => !system);
  if (!found) throw new Error('no user');
  user = found;
  const emails = Array.from({ length: atOnce + 20 }, (_, index) => `client${index}@x.example`);
  whmcs = await startWhmcsSimulator({ clients: emails.length, emails });
  for (const { owner } of whmcs.state.clients.values()) owner.email = '';
  console_ = await TestConsole.start();
  const { url: endpoint, accessKeyId, secretKey } = gateway;
  const { id: connectionId } = await console_.call('connections.save', {
    ...{ name: 'Rack 1', endpoint, accessKeyId, secretKey, environment: 'lab' },
  });
  await console_.call('sync.refresh', { connectionId });
  const { url, identifier, secret } = whmcs;
  const billing = { name: 'Billing', kind: 'whmcs' as const, url, identifier, secret };
  ({ id } = await console_.call('billing.save', billing));
});

afterEach(async () => {
  await console_.end();
  await whmcs.stop();
  await gateway.stop();
});

function ownUser(client: number): void {
  const { owner } = whmcs.state.clients.get(client) ?? {};
  if (owner) owner.email = user.email.toUpperCase();
}

/** Refreshes the billing connection; returns the clients whose details were asked for. */
async function refresh(): Promise<number[]> {
  const { installation } = whmcs;
  const asked: number[] = [];
  const answer = installation.answer;
  installation.answer = (form, now) => {
    const client = form.number('clientid');
    if (form.text('action') === 'GetClientsDetails' && client !== null) asked.push(client);
    return answer.call(installation, form, now);
  };
  await console_.call('billing.refresh', { id });
  installation.answer = answer;
  return asked;
}

/** Makes WHMCS refuse the details of a client each time. */
function refuseDetails(client: number): void {
  const { installation } = whmcs;
  const answer = installation.answer.bind(installation);
  installation.answer = (form, now) => {
    const isIt = form.number('clientid') === client;
    if (!isIt || form.text('action') !== 'GetClientsDetails') return answer(form, now);
    const body = JSON.stringify({ result: 'error', message: 'Division by zero' });
    return { status: 200, contentType: 'application/json', body };
  };
}

const suggested = async () => (await console_.call('customers.suggestions', { limit: 10 })).rows;

it('are read past a customer whose details always fail, and are suggested for their users', async () => {
  refuseDetails(2);
  ownUser(5);
  expect(await refresh()).toHaveLength(atOnce);
  const [only, second] = await suggested();
  expect(only).toMatchObject({ matched: 'owner', userId: user.id, ambiguous: false });
  expect(second).toBeUndefined();
  const customer = await console_.call('customers.get', { customerId: only?.customerId ?? '' });
  expect(customer).toMatchObject({ externalId: '5', ownerEmail: user.email.toUpperCase() });
});

it('are asked for in turn where many are not known, over a restart too', async () => {
  refuseDetails(2);
  ownUser(atOnce + 15);
  const first = await refresh();
  expect(first).toHaveLength(atOnce);
  expect(await suggested()).toEqual([]);
  await console_.restart();
  const second = await refresh();
  const never = [...whmcs.state.clients.keys()].filter((client) => !first.includes(client));
  expect(second.slice(0, never.length)).toEqual(never);
  // then those that were asked the longest ago
  expect(second.slice(never.length)).toEqual(first.slice(0, atOnce - never.length));
  expect(await suggested()).toMatchObject([{ matched: 'owner', userId: user.id }]);
});

it('are no more asked for where WHMCS refuses them all, and all of them at the next refresh', async () => {
  whmcs.denied.add('GetClientsDetails');
  expect(await refresh()).toEqual([1]);
  whmcs.denied.clear();
  expect((await refresh())[0]).toBe(1);
});
