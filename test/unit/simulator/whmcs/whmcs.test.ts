import { afterEach, describe, expect, it } from 'vitest';
import {
  startWhmcsSimulator,
  type WhmcsOptions,
  type WhmcsSimulator,
} from '#simulator/whmcs/index.ts';
import type { WhmcsVariants } from '#simulator/whmcs/model/variants.ts';
import { userIdField } from '#simulator/whmcs/populate.ts';

describe('the simulated WHMCS', () => {
  let whmcs: WhmcsSimulator;

  afterEach(() => whmcs.stop());

  async function start(
    variants: Partial<WhmcsVariants> = {},
    options: WhmcsOptions = {},
  ): Promise<void> {
    whmcs = await startWhmcsSimulator({ clients: 60, variants, pendingOrderEvery: 20, ...options });
  }

  function post(fields: Record<string, string>): Promise<Response> {
    const { identifier, secret, url } = whmcs;
    return fetch(`${url}/includes/api.php`, {
      method: 'POST',
      body: new URLSearchParams({ identifier, secret, responsetype: 'json', ...fields }),
    });
  }

  async function call(fields: Record<string, string>): Promise<Record<string, unknown>> {
    return (await post(fields)).json() as Promise<Record<string, unknown>>;
  }

  it('pages clients by 25, and says how many there are', async () => {
    await start();
    const first = await call({ action: 'GetClients' });
    expect(first).toMatchObject({ result: 'success', totalresults: 60, numreturned: 25 });
    const last = await call({ action: 'GetClients', limitstart: '50', limitnum: '250' });
    expect(last).toMatchObject({ startnumber: 50, numreturned: 10 });
  });

  it('shifts its rows between pages when asked to', async () => {
    await start({ shiftRows: true });
    const ids = async (limitstart?: string) => {
      const page = await call({ action: 'GetClients', ...(limitstart ? { limitstart } : {}) });
      return (page.clients as { client: { id: number }[] }).client.map(({ id }) => id);
    };
    const [first, second] = [await ids(), await ids('25')];
    expect(second[0]).toBe(first.at(-1));
  });

  it.each([
    ['text', ''],
    ['array', []],
    ['object', {}],
    ['absent', undefined],
  ] as const)('writes a list of nothing as %s', async (empty, written) => {
    await start({ empty });
    expect((await call({ action: 'GetClientsAddons' })).addons).toEqual(written);
  });

  it.each(['array', 'object', 'keyed'] as const)('writes a list of one as %s', async (single) => {
    await start({ single });
    const { client } = (await call({ action: 'GetClientsDetails', clientid: '1' })) as {
      client: { users: { user: unknown } };
    };
    const owner = expect.objectContaining({ is_owner: true });
    const written = { array: [owner], object: owner, keyed: { 0: owner } }[single];
    expect(client.users.user).toEqual(written);
  });

  it('writes numbers as texts and texts as entities when asked to', async () => {
    await start({ numbers: 'string', entities: true });
    const { client } = (await call({ action: 'GetClientsDetails', clientid: '1' })) as {
      client: { id: unknown; companyname: unknown };
    };
    expect(client.id).toBe('1');
    expect(client.companyname).toContain('&amp;');
  });

  it.each([
    [{ secret: 'wrong' }, 403, 'Authentication Failed'],
    [{ identifier: 'wrong' }, 403, 'Invalid or missing credentials'],
    [{ action: '' }, 400, 'Empty action request'],
    [{ action: 'NoSuch' }, 403, 'Invalid Permissions: API action "nosuch" is not allowed'],
    [{ action: 'GetInvoice', invoiceid: '1' }, 200, 'Invoice ID Not Found'],
  ])('refuses %o as documented', async (fields, status, message) => {
    await start();
    const answer = await post({ action: 'GetClients', ...fields });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ result: 'error', message });
  });

  it.each([
    ['UTC', 'iso', '2026-10-31 23:30:00'],
    ['UTC+13', 'iso', '2026-11-01 12:30:00'],
    ['UTC-11', 'iso', '2026-10-31 12:30:00'],
    ['UTC+13', 'localised', '01/11/2026 12:30:00'],
  ] as const)('writes times in the zone %s, %s', async (zone, dates, written) => {
    await start({ zone, dates }, { now: Date.UTC(2026, 9, 31, 23, 30) });
    const { invoiceid } = await call({ action: 'CreateInvoice', userid: '1', draft: '1' });
    const { invoices } = (await call({ action: 'GetInvoices', userid: '1' })) as {
      invoices: { invoice: { id: number; created_at: string }[] };
    };
    expect(invoices.invoice).toMatchObject([{ id: invoiceid, created_at: written }]);
  });

  it('begins with the faults, the role and the list of addresses that it is started with', async () => {
    await start(
      {},
      { denied: ['GetStats'], faults: [{ kind: 'invalid-ip', status: 400, count: 1 }] },
    );
    expect((await post({ action: 'GetProducts' })).status).toBe(400);
    expect((await call({ action: 'GetStats' })).message).toMatch(/getstats/);
    await whmcs.stop();
    await start({}, { addressAllowed: false });
    expect((await call({ action: 'GetProducts' })).message).toMatch(/^Invalid IP /);
  });

  it('lets an access key pass the list of addresses, and refuses a role that lacks an action', async () => {
    await start();
    whmcs.installation.addressAllowed = false;
    expect((await call({ action: 'GetProducts' })).message).toMatch(/^Invalid IP /);
    const { accessKey: accesskey } = whmcs;
    expect((await call({ action: 'GetProducts', accesskey })).result).toBe('success');
    whmcs.denied.add('GetProducts');
    expect((await call({ action: 'GetProducts', accesskey })).message).toMatch(/getproducts/);
  });

  it.each([
    ['7.10', true],
    ['8.13', true],
    ['9.0', false],
  ] as const)(
    'lets an invoice that is published be edited before 9.0 alone: %s',
    async (version, edits) => {
      await start({ version });
      const { invoiceid } = await call({ action: 'CreateInvoice', userid: '1', draft: '1' });
      const of = { action: 'UpdateInvoice', invoiceid: String(invoiceid) };
      await call({ ...of, publish: '1' });
      expect((await call({ ...of, notes: 'x' })).result).toBe(edits ? 'success' : 'error');
    },
  );

  it('gives the e-mail of another client to every so many', async () => {
    await start({}, { duplicateEmailEvery: 5 });
    const emails = [...whmcs.state.clients.values()].map(({ email }) => email);
    expect(new Set(emails).size).toBe(60 - 12);
    expect(emails[4]).toBe(emails[3]);
  });

  it('rounds lines, adds them up, and locks what is no longer a draft', async () => {
    await start();
    const made = await call({
      action: 'CreateInvoice',
      userid: '1',
      draft: '1',
      notes: 'Ref OC-1',
      itemdescription1: 'Storage',
      itemamount1: '12.50',
      itemdescription2: 'Traffic',
      itemamount2: '0.07',
    });
    const invoiceid = String(made.invoiceid);
    expect(await call({ action: 'GetInvoice', invoiceid })).toMatchObject({
      status: 'Draft',
      subtotal: '12.57',
      notes: 'Ref OC-1',
    });
    await call({ action: 'UpdateInvoice', invoiceid, publish: '1' });
    expect(await call({ action: 'UpdateInvoice', invoiceid, notes: 'x' })).toMatchObject({
      message: 'Only draft invoices can be edited',
    });
  });

  it('carries an action out whose answer it drops', async () => {
    await start();
    whmcs.faults.add({ kind: 'drop-after', action: 'CreateInvoice', count: 1 });
    const fields = { action: 'CreateInvoice', userid: '1', draft: '1' };
    await expect(post(fields)).rejects.toThrow();
    expect(whmcs.state.invoices.size).toBe(1);
  });

  it('reads custom fields by their bytes', async () => {
    await start();
    const [service] = whmcs.state.services.values();
    const value = 'jürgen';
    const customfields = Buffer.from(`a:1:{i:${userIdField};s:7:"${value}";}`).toString('base64');
    await call({ action: 'UpdateClientProduct', serviceid: String(service?.id), customfields });
    expect(service?.customfields).toEqual([expect.objectContaining({ id: userIdField, value })]);
  });

  it('prints junk before an answer, and a page in its place', async () => {
    await start({ junk: 'notice' });
    const text = await (await post({ action: 'GetStats' })).text();
    expect(text).toMatch(/^<br \/>[\s\S]*\{"result":"success"/);
    whmcs.faults.add({ kind: 'html-503', count: 1 });
    expect((await post({ action: 'GetStats' })).status).toBe(503);
  });
});
