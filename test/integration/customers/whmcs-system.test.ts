import { afterEach, describe, expect, it } from 'vitest';
import type { BillingCustomer, BillingService } from '#core/customers/port/billing-system.ts';
import { parseBase } from '#core/customers/whmcs/base-address.ts';
import { WhmcsClient } from '#core/customers/whmcs/client.ts';
import { noMatch } from '#core/customers/whmcs/pages.ts';
import { refusal } from '#core/customers/whmcs/refusals.ts';
import { WhmcsSystem } from '#core/customers/whmcs/whmcs-system.ts';
import type { AppError } from '#shared/errors.ts';
import {
  startWhmcsSimulator,
  type WhmcsOptions,
  type WhmcsSimulator,
} from '#simulator/whmcs/index.ts';
import { type WhmcsFault, whmcsVariantChoices } from '#simulator/whmcs/model/variants.ts';

interface Opened {
  identifier?: string;
  headers?: number;
  assertWritable?: () => Promise<void>;
}

describe('WHMCS behind the port of billing systems', () => {
  let whmcs: WhmcsSimulator;
  let system: WhmcsSystem;

  async function open(options: WhmcsOptions = {}, { headers, identifier, ...guard }: Opened = {}) {
    whmcs = await startWhmcsSimulator({ clients: 620, pendingOrderEvery: 50, ...options });
    system = new WhmcsSystem(
      new WhmcsClient({
        ...parseBase(whmcs.url),
        identifier: identifier ?? whmcs.identifier,
        secret: whmcs.secret,
        accessKey: null,
        proxy: null,
        userAgent: 'test',
        ...guard,
        timeouts: { headers: headers ?? 30_000 },
        retry: { attempts: 3, firstPause: 2, longestPause: 2 },
      }),
    );
  }

  afterEach(async () => {
    await system.close();
    await whmcs.stop();
  });

  async function all<Row>(pages: AsyncGenerator<Row[]>): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const page of pages) rows.push(...page);
    return rows;
  }

  it('lets nothing but readings leave while it may not be written to, whoever asks', async () => {
    const locked = () => Promise.reject(new Error('locked'));
    await open({ clients: 3 }, { assertWritable: locked });
    const service = (await all(system.services()))[0];
    const [client, serviceId] = [`${service?.customerExternalId}`, `${service?.externalId}`];
    const line = { description: 'x', amount: 100n };
    const drafted = { customerExternalId: client, reference: 'r', currency: 'EUR', notes: 'r' };
    const item = { customerExternalId: client, ...line, minorDigits: 2, when: 'nextcron' as const };
    whmcs.log.length = 0;
    const writes = [
      () => system.createDraft({ ...drafted, minorDigits: 2, lines: [{ ...line, taxed: true }] }),
      () => system.addNote(client, 'x'),
      () => system.setServiceUser(serviceId, 'aa', 'username'),
      () => system.setUsage(serviceId, { diskMb: 1n, bandwidthMb: 1n }),
      () => system.addItem(item),
    ];
    for (const write of writes) await expect(write()).rejects.toThrow('locked');
    expect(whmcs.log).toEqual([]);
    expect(await system.service(serviceId)).toMatchObject({ externalId: serviceId });
  });

  const variants = [
    ...Object.entries(whmcsVariantChoices).flatMap(([name, choices]) =>
      choices.map((choice) => ({ [name]: choice })),
    ),
    { totals: 'absent', noMatch: 'error' } as const,
  ];

  it.each(variants)(
    'reads every customer and service once from an installation with %o',
    async (variant) => {
      await open({ variants: variant });
      const services: BillingService[] = await all(system.services());
      expect(services).toHaveLength(whmcs.state.services.size);
      const customers: BillingCustomer[] = await all(system.customers());
      const ids = customers.map(({ externalId }) => externalId);
      expect(new Set(ids).size).toBe(ids.length);
      const missed = [...whmcs.state.clients.keys()].filter(
        (id) => id > 0 && !ids.includes(`${id}`),
      );
      expect(missed).toEqual([]);
      expect(customers.find(({ externalId }) => externalId === '600')?.company).toContain(' & ');
    },
  );

  it('reads one service from a list of one, and none from a list of nothing', async () => {
    await open({ clients: 1, variants: { single: 'object' } });
    expect(await all(system.customers())).toHaveLength(1);
    expect(await system.pendingOrders()).toEqual([]);
  });

  it('never holds the password of a service', async () => {
    await open();
    const passwords = [...whmcs.state.services.values()].map(({ password }) => password);
    const held = JSON.stringify(await all(system.services()));
    expect(passwords.filter((password) => held.includes(password))).toEqual([]);
    expect(held).not.toMatch(/password/i);
  });

  it('names pending orders with their services', async () => {
    await open();
    const orders = await system.pendingOrders();
    expect(orders).toHaveLength(12);
    expect(orders[0]?.serviceIds).toHaveLength(1);
  });

  it.each(variants)('makes a draft, finds it and reads it back, with %o', async (variant) => {
    await open({ clients: 8, variants: variant });
    const invoiceId = await system.createDraft({
      customerExternalId: '7',
      currency: 'EUR',
      minorDigits: 2,
      reference: 'OC-abc',
      notes: 'Ref OC-abc',
      lines: [
        { description: 'Storage', amount: 1250n, taxed: true },
        { description: 'Credit', amount: -7n, taxed: false },
      ],
    });
    expect(await system.findDrafts('7', 'OC-abc')).toEqual([invoiceId]);
    expect(await system.findDrafts('8', 'OC-abc')).toEqual([]);
    expect(await system.readInvoice(invoiceId)).toMatchObject({
      status: 'Draft',
      subtotal: '12.43',
      lines: [
        { description: 'Storage', amount: '12.50' },
        { description: 'Credit', amount: '-0.07' },
      ],
    });
  });

  /** Changes what the installation holds before each later page of a list is answered. */
  function betweenPages(action: string, change: () => void): void {
    const { installation } = whmcs;
    const answer = installation.answer.bind(installation);
    installation.answer = (form, now) => {
      if (form.text('action') === action && Number(form.text('limitstart')) > 0) change();
      return answer(form, now);
    };
  }

  it('finds a draft among hundreds while rows shift between pages', async () => {
    await open({ clients: 7 });
    const { invoices } = whmcs.state;
    const draft = {
      ...{ customerExternalId: '7', currency: 'EUR', minorDigits: 2, lines: [] },
      ...{ reference: 'OC-other', notes: 'Ref OC-other' },
    };
    const first = await system.createDraft({ ...draft, notes: 'Ref OC-sought' });
    const [sought] = invoices.values();
    if (!sought) throw new Error('no invoice');
    for (let id = 1; id <= 250; id += 1) {
      invoices.set(sought.id + id, { ...sought, id: sought.id + id, notes: 'Ref OC-other' });
    }
    // newest first: the last one moves from the second page to one that was read
    betweenPages('GetInvoices', () => {
      for (let id = 250; id > 230; id -= 1) invoices.delete(sought.id + id);
    });
    expect(await system.findDrafts('7', 'OC-sought')).toEqual([first]);
    expect(invoices.size).toBe(231);
  });

  it('finds a draft by its first line where its notes were written over', async () => {
    await open({ clients: 7 });
    const { invoices } = whmcs.state;
    const invoiceId = await system.createDraft({
      ...{ customerExternalId: '7', currency: 'EUR', minorDigits: 2 },
      ...{ reference: 'OC-sought', notes: 'Ref OC-sought' },
      lines: [{ description: 'Storage (Ref OC-sought)', amount: 100n, taxed: true }],
    });
    const invoice = invoices.get(Number(invoiceId));
    if (!invoice) throw new Error('no invoice');
    invoice.notes = 'Thank you';
    expect(await system.findDrafts('7', 'OC-sought')).toEqual([invoiceId]);
    expect(await system.findDrafts('7', 'OC-other')).toEqual([]);
    invoice.status = 'Paid';
    expect(await system.findDrafts('7', 'OC-sought')).toEqual([]);
  });

  it('says so where a list never stays as it is, and yields none of it as whole', async () => {
    await open();
    const { clients } = whmcs.state;
    betweenPages('GetClients', () => {
      for (const id of [...clients.keys()].slice(0, 20)) clients.delete(id);
    });
    await expect(all(system.customers())).rejects.toMatchObject({
      code: 'BILLING_LIST_UNSTABLE',
      retryable: true,
    });
  });

  it('names an action that the role may not call', async () => {
    await open();
    whmcs.denied.add('GetProducts');
    await expect(system.products()).rejects.toMatchObject({
      code: 'BILLING_ACTION_DENIED',
      message: 'The API role of this credential may not call GetProducts.',
    });
  });

  it('writes amounts of a currency without decimals whole', async () => {
    await open();
    const invoiceId = await system.createDraft({
      customerExternalId: '7',
      currency: 'JPY',
      minorDigits: 0,
      reference: 'OC-yen',
      notes: 'Ref OC-yen',
      lines: [{ description: 'Storage', amount: 1250n, taxed: false }],
    });
    expect((await system.readInvoice(invoiceId)).subtotal).toBe('1250.00');
  });

  it('says that a draft may have been made when its answer is lost, and sends no second one', async () => {
    await open();
    whmcs.faults.add({ kind: 'drop-after', action: 'CreateInvoice' });
    const draft = {
      customerExternalId: '7',
      currency: 'EUR',
      minorDigits: 2,
      reference: 'OC-lost',
      notes: 'Ref OC-lost',
      lines: [],
    };
    await expect(system.createDraft(draft)).rejects.toMatchObject({
      details: { mayHaveActed: true },
    });
    expect(await system.findDrafts('7', 'OC-lost')).toHaveLength(1);
  });

  it('repeats a reading that failed for a moment', async () => {
    await open();
    whmcs.faults.add({ kind: 'html-503', action: 'GetProducts', count: 2 });
    expect(await system.products()).toHaveLength(4);
  });

  it('asks again where a limit of requests was hit, and says so where it stays', async () => {
    await open();
    whmcs.faults.add({ kind: 'html-429', action: 'GetProducts', count: 1 });
    expect(await system.products()).toHaveLength(4);
    whmcs.faults.add({ kind: 'html-429' });
    await expect(system.products()).rejects.toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      retryable: true,
    });
  });

  it('speaks of WHMCS where it can’t be reached, not of a gateway', async () => {
    await open();
    await whmcs.stop();
    const failure = await system.products().catch((thrown: AppError) => thrown);
    expect(failure).toMatchObject({ code: 'CONNECTION_REFUSED' });
    expect(JSON.stringify((failure as AppError).toData())).not.toMatch(/gateway|S3/i);
  });

  it('finds no service and no order where WHMCS answers that with an error', async () => {
    await open({ variants: { noMatch: 'error' }, pendingOrderEvery: 0 });
    expect(await system.service('7')).toBeNull();
    expect(await system.usageOf('7')).toBeNull();
    expect(await system.pendingOrders()).toEqual([]);
  });

  it('takes no other refusal for an empty list', () => {
    expect(noMatch(refusal('GetOrders', 'No orders found', 200))).toEqual({});
    for (const [said, status] of [
      ['Command Not Found', 200],
      ['Action Not Found', 200],
      ['No orders found', 404],
      ['Not Found', 404],
    ] as const) {
      expect(() => noMatch(refusal('GetClients', said, status)), said).toThrow();
    }
  });

  it('keeps a user id with a service, also beyond ASCII', async () => {
    await open();
    const [service] = whmcs.state.services.values();
    await system.setServiceUser(`${service?.id}`, 'ü-1', { customField: '7' });
    expect(service?.customfields).toEqual([expect.objectContaining({ id: 7, value: 'ü-1' })]);
    await system.setServiceUser(`${service?.id}`, 'f82c23f7823589eb', 'username');
    expect(service?.username).toBe('f82c23f7823589eb');
  });

  /** What comes of each fault in place of an answer; an answer that is lost after the deed is another matter. */
  const failures: Record<
    Exclude<WhmcsFault['kind'], 'drop-after' | 'hang-after'>,
    readonly [code: string, message: RegExp]
  > = {
    'html-403': ['ANSWER_NOT_JSON', /web page .*403/],
    'html-503': ['ANSWER_NOT_JSON', /web page .*503/],
    'html-429': ['TOO_MANY_REQUESTS', /refuses more requests/],
    'html-200': ['ANSWER_NOT_JSON', /web page .*200/],
    'emitted-previously': ['ANSWER_NOT_JSON', /printed text/],
    'invalid-ip': ['BILLING_ADDRESS_REFUSED', /203\.0\.113\.9/],
    'admin-disabled': ['BILLING_CREDENTIAL_REFUSED', /disabled/],
    'access-denied': ['BILLING_CREDENTIAL_REFUSED', /lacks API access/],
    'empty-action': ['REQUEST_REFUSED', /Empty action/],
    error: ['REQUEST_REFUSED', /GetProducts: An unexpected error occurred/],
    'hang-before': ['TIMED_OUT', /in time/],
    'drop-before': ['CONNECTION_RESET', /./],
  };

  it.each(Object.entries(failures))(
    'names a fault of the kind %s',
    async (name, [code, message]) => {
      const kind = name as WhmcsFault['kind'];
      await open({}, kind === 'hang-before' ? { headers: 500 } : {});
      whmcs.faults.add({ kind });
      await expect(system.products()).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
      });
    },
  );

  it('names an address that is not on the list, whichever status WHMCS refuses it with', async () => {
    await open();
    whmcs.faults.add({ kind: 'invalid-ip', status: 400 });
    await expect(system.products()).rejects.toMatchObject({
      code: 'BILLING_ADDRESS_REFUSED',
      message: expect.stringContaining('203.0.113.9'),
    });
  });

  it('tells an unknown identifier from a wrong secret', async () => {
    await open({}, { identifier: 'somebody' });
    await expect(system.products()).rejects.toMatchObject({
      code: 'BILLING_CREDENTIAL_REFUSED',
      message: 'WHMCS does not know this identifier.',
    });
  });

  it.each([
    ['UTC+13', 'iso', '2026-11-01'],
    ['UTC-11', 'iso', '2026-10-31'],
    ['UTC+13', 'localised', '01/11/2026'],
  ] as const)(
    'keeps the day that something is due as WHMCS has it, in the zone %s, %s',
    async (zone, dates, day) => {
      await open({ clients: 5, now: Date.UTC(2026, 9, 31, 23, 30), variants: { zone, dates } });
      const [due, never] = whmcs.state.services.values();
      if (!due || !never) throw new Error('no services');
      // the server's own clock says which day it is
      due.nextduedate = zone === 'UTC-11' ? '2026-10-31' : '2026-11-01';
      never.nextduedate = '0000-00-00';
      due.regdate = '2026-10-17';
      const services = await all(system.services());
      const dueOf = (id: number) =>
        services.find(({ externalId }) => externalId === String(id))?.nextDueDate;
      expect([dueOf(due.id), dueOf(never.id)]).toEqual([day, null]);
      // which of two numbers is the month is not guessed: fees begin with the user then
      const registered = services.find(({ externalId }) => externalId === String(due.id));
      expect(registered?.registeredOn).toBe(dates === 'iso' ? '2026-10-17' : null);
      // a draft has WHMCS's own days: nothing of the console's zone is in it
      const draft = {
        ...{ customerExternalId: '1', currency: 'EUR', minorDigits: 2, reference: 'OC-zone' },
        ...{ notes: 'Ref OC-zone', lines: [{ description: 'S3', amount: 1n, taxed: false }] },
      };
      const invoiceId = await system.createDraft(draft);
      expect(await system.findDrafts('1', 'OC-zone')).toEqual([invoiceId]);
      const sent = whmcs.log.find(({ action }) => action === 'CreateInvoice')?.fields ?? [];
      expect(sent.filter((field) => field.includes('date'))).toEqual([]);
    },
  );
});
