import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemorySecretStore } from '#core/clusters/secrets/secret-store.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { startWhmcsSimulator, type WhmcsSimulator } from '#simulator/whmcs/index.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

describe('billing connections', () => {
  let gateway: Simulator;
  let whmcs: WhmcsSimulator;
  let console_: TestConsole;
  let secrets: MemorySecretStore;
  let connectionId: string;

  beforeEach(async () => {
    secrets = new MemorySecretStore();
    gateway = await startSimulator({ users: 8, buckets: 8 });
    const users = [...gateway.state.users.byId.values()].filter(({ system }) => !system);
    whmcs = await startWhmcsSimulator({ clients: 6, emails: users.map(({ email }) => email) });
    console_ = await TestConsole.start({ secretStore: secrets });
    const { url, accessKeyId, secretKey } = gateway;
    const saved = await console_.call('connections.save', {
      ...{ name: 'lab', endpoint: url, accessKeyId, secretKey, environment: 'lab' },
    });
    connectionId = saved.id;
    await console_.call('sync.refresh', { connectionId });
  });

  afterEach(async () => {
    await console_.end();
    await whmcs.stop();
    await gateway.stop();
  });

  const fields = () => {
    const { url, identifier, secret } = whmcs;
    return { name: 'Billing', kind: 'whmcs' as const, url, identifier, secret };
  };
  const list = (billingId?: string) =>
    console_.call('customers.list', billingId === undefined ? {} : { filter: { billingId } });

  it('say nothing of users nobody pays for before they were read', async () => {
    const kinds = async () => {
      const { rows, incomplete } = await console_.call('signals.list', { connectionId });
      return [...rows.map(({ kind }) => kind), ...incomplete.map(({ reason }) => reason)];
    };
    const toCome = 'Customers were not read yet: signals about them follow.';
    const { id } = await console_.call('billing.save', { ...fields(), secret: 'wrong' });
    await expect(console_.call('billing.refresh', { id })).rejects.toThrow();
    const before = await kinds();
    expect(before).toContain(toCome);
    expect(before).not.toContain('unpaid');
    const unpaid = () => console_.call('customers.unpaid', {});
    expect(await unpaid()).toMatchObject({ unread: true, total: 0, rows: [] });
    await console_.call('billing.save', { ...fields(), id });
    await console_.call('billing.refresh', { id });
    const after = await kinds();
    expect(after).toContain('unpaid');
    expect(after).not.toContain(toCome);
    const { unread, total } = await unpaid();
    expect([unread, total > 0]).toEqual([false, true]);
  });

  it('forget the password of a proxy that is no longer theirs, and keep the secret', async () => {
    const proxy = { mode: 'manual' as const, url: 'http://proxy.example:3128', username: 'ada' };
    const { secret, ...rest } = fields();
    const { id } = await console_.call('billing.save', {
      ...{ ...rest, secret, accessKey: 'far-key', proxy: { ...proxy, password: 'long-ago' } },
    });
    const kept = async () => (await secrets.get(`billing-${id}`))?.secret ?? '';
    expect(await kept()).toContain('long-ago');
    await console_.call('billing.save', { ...rest, id, proxy: { ...proxy, username: 'eve' } });
    expect(await kept()).not.toContain('long-ago');
    expect(await kept()).toContain(secret);
    expect(await kept()).toContain('far-key');
  });

  it('forget an access key and the password of a proxy when asked to, and nothing else', async () => {
    const proxy = { mode: 'manual' as const, url: 'http://proxy.example:3128', username: 'ada' };
    const { secret, ...rest } = fields();
    const { id } = await console_.call('billing.save', {
      ...{ ...rest, secret, accessKey: 'far-key', proxy: { ...proxy, password: 'long-ago' } },
    });
    const kept = async () => (await secrets.get(`billing-${id}`))?.secret ?? '';
    const key = await console_.call('billing.save', { ...rest, id, proxy, accessKey: null });
    expect(key).toMatchObject({ hasAccessKey: false, proxy: { hasPassword: true } });
    expect(await kept()).not.toContain('far-key');
    expect(await kept()).toContain('long-ago');
    const way = { ...proxy, password: null };
    const saved = await console_.call('billing.save', { ...rest, id, proxy: way, accessKey: null });
    expect(saved).toMatchObject({ hasCredential: true, proxy });
    expect(saved.proxy?.hasPassword).toBeUndefined();
    expect(await kept()).not.toContain('long-ago');
    expect(await kept()).toContain(secret);
  });

  it('lose no secret where a keychain can’t be read while something else is saved', async () => {
    const { secret, ...rest } = fields();
    const { id } = await console_.call('billing.save', { ...rest, secret });
    const { get } = secrets;
    secrets.get = () => Promise.reject(new Error('locked'));
    const changed = { ...rest, id, accessKey: 'far-key' };
    await expect(console_.call('billing.save', changed)).rejects.toThrow();
    secrets.get = get;
    expect((await secrets.get(`billing-${id}`))?.secret).toContain(secret);
  });

  it('removed are gone from every list, and find customers and users again when added again', async () => {
    const { id } = await console_.call('billing.save', fields());
    await console_.call('billing.refresh', { id });
    const [first] = (await console_.call('customers.suggestions', {})).rows;
    const { customerId = '', userId = '' } = first ?? {};
    await console_.call('customers.map', { customerId, connectionId, userId });
    secrets.remove = () => Promise.reject(new Error('locked'));
    await console_.call('billing.remove', { id });
    expect((await list()).rows.every(({ gone }) => gone)).toBe(true);
    expect((await list()).asOf).toBeNull();
    for (const name of ['customers.unused', 'customers.suggestions'] as const) {
      expect([name, (await console_.call(name, {})).total]).toEqual([name, 0]);
    }
    const again = { ...fields(), name: 'WHMCS', url: `${whmcs.url}/admin/` };
    const saved = await console_.call('billing.save', again);
    expect(saved.id).toBe(id);
    const { rows: history } = await console_.call('customers.journal', {});
    expect(history.find(({ action }) => action === 'billing.save')).toMatchObject({
      billingId: id,
      details: { billing: 'WHMCS', before: 'removed', after: 'takes changes' },
    });
    await console_.call('billing.refresh', { id });
    const { rows } = await list();
    expect(rows).toHaveLength(6);
    expect(rows.filter(({ gone }) => gone)).toEqual([]);
    expect(rows.find((row) => row.customerId === customerId)?.users).toMatchObject([{ userId }]);
  });

  it('of one installation each keep their customers; one out of reach stops no other', async () => {
    const one = await console_.call('billing.save', fields());
    const two = await console_.call('billing.save', { ...fields(), name: 'Second' });
    const dead = await console_.call('billing.save', {
      ...{ ...fields(), name: 'Dead', url: 'http://127.0.0.1:9' },
    });
    await expect(console_.call('billing.refresh', { id: dead.id })).rejects.toMatchObject({
      code: 'CONNECTION_REFUSED',
    });
    const [first, second] = await Promise.all(
      [one, two].map(({ id }) => console_.call('billing.refresh', { id })),
    );
    expect([first?.customers, second?.customers]).toEqual([6, 6]);
    const ids = (rows: { externalId: string }[]) => rows.map(({ externalId }) => externalId);
    expect(ids((await list(one.id)).rows)).toEqual(ids((await list(two.id)).rows));
    await console_.call('billing.remove', { id: two.id });
    expect((await list(one.id)).rows.some(({ gone }) => gone)).toBe(false);
    expect((await list(two.id)).rows.every(({ gone }) => gone)).toBe(true);
  });

  it('store the address of WHMCS alone, and refuse one with a password in it', async () => {
    const url = `${whmcs.url}/billing/includes/api.php?secret=pasted`;
    const saved = await console_.call('billing.save', { ...fields(), url });
    expect(saved.url).toBe(`${whmcs.url}/billing`);
    const inIt = { ...fields(), name: 'Other', url: 'https://ada:pw@billing.example' };
    await expect(console_.call('billing.save', inIt)).rejects.toMatchObject({
      code: 'ENDPOINT_INVALID',
      message: expect.not.stringContaining('pw'),
    });
  });

  it('keep where staff open WHMCS, without the page it was copied from, until it is left out', async () => {
    const adminUrl = 'https://billing.example/staff/index.php?rp=1';
    const saved = await console_.call('billing.save', { ...fields(), adminUrl });
    expect(saved.adminUrl).toBe('https://billing.example/staff');
    expect(await console_.call('billing.list', {})).toMatchObject([{ adminUrl: saved.adminUrl }]);
    const without = await console_.call('billing.save', { ...fields(), id: saved.id });
    expect(without).not.toHaveProperty('adminUrl');
    const inIt = { ...fields(), id: saved.id, adminUrl: 'https://ada:pw@billing.example/admin' };
    await expect(console_.call('billing.save', inIt)).rejects.toMatchObject({
      code: 'ENDPOINT_INVALID',
      message: expect.not.stringContaining('pw'),
    });
  });

  it('have separate products: equal ids of two share no plan, and a plain id must be clear', async () => {
    const early = await console_.call('servicePlans.save', { name: 'Early', productIds: ['77'] });
    expect(early.products).toEqual([{ billingId: null, productId: '77' }]);
    const one = await console_.call('billing.save', fields());
    await console_.call('billing.refresh', { id: one.id });
    const plans = await console_.call('servicePlans.list', {});
    expect(plans[0]?.products).toEqual([{ billingId: one.id, productId: '77' }]);
    const services = [...whmcs.state.services.values()];
    const [{ pid = 0, clientid = 0 } = {}] = services;
    const productId = String(pid);
    const save = (name: string, of: object) =>
      console_.call('servicePlans.save', { name, quotaGb: 1, ...of });
    const ofOne = await save('One', { productIds: [productId] });
    expect(ofOne.products).toEqual([{ billingId: one.id, productId }]);

    const two = await console_.call('billing.save', { ...fields(), name: 'Second' });
    await console_.call('billing.refresh', { id: two.id });
    const csv = 'customer id,name,service id,product id\n1,Ada,s1,gold\n';
    const table = await console_.call('billing.save', { name: 'Table', kind: 'file', csv });
    await console_.call('billing.refresh', { id: table.id });
    await expect(save('Both', { productIds: [productId] })).rejects.toMatchObject({
      code: 'TARGET_AMBIGUOUS',
    });
    await expect(save('Nobody', { productIds: ['no-such'] })).rejects.toMatchObject({
      code: 'TARGET_AMBIGUOUS',
    });
    // only the table lists it
    const gold = await save('Gold', { productIds: ['gold'] });
    expect(gold.products).toEqual([{ billingId: table.id, productId: 'gold' }]);
    const ofTwo = await save('Two', { products: [{ billingId: two.id, productId }] });
    await expect(
      save('Wrong', { products: [{ billingId: 'no-such', productId }] }),
    ).rejects.toMatchObject({ code: 'BILLING_CONNECTION_NOT_FOUND' });
    await expect(
      console_.call('onboarding.prepare', {
        source: { from: 'services', productIds: [productId] },
      }),
    ).rejects.toMatchObject({ code: 'TARGET_AMBIGUOUS' });

    const planNames = async (billingId: string) => {
      const { rows } = await list(billingId);
      const customer = rows.find(({ externalId }) => externalId === String(clientid));
      const { customerId = '' } = customer ?? {};
      const { services: found } = await console_.call('servicePlans.ofCustomer', { customerId });
      return [...new Set(found.map(({ plan }) => plan.name))];
    };
    expect([await planNames(one.id), await planNames(two.id)]).toEqual([['One'], ['Two']]);
    // what a plan has of a removed connection is kept when it is saved again
    await console_.call('billing.remove', { id: two.id });
    const { products } = ofTwo;
    expect((await save('Two', { id: ofTwo.id, products })).products).toEqual(products);
  });
});
