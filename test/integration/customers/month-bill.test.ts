import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractText } from 'unpdf';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { StaticAssets } from '#core/platform/files/static-assets.ts';
import { BilledCluster, standardTariff } from '#test/fakes/billed-cluster.ts';
import { billOnce, isWholeBill } from '../../../src/collect/bill-once.ts';
import { listen } from '../../../src/web/listen.ts';
import { Sessions } from '../../../src/web/sessions.ts';
import { createWebServer } from '../../../src/web/web-server.ts';

const period = { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' };
const afterMonth = Date.UTC(2026, 10, 2);
const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const provider = {
  name: 'Nordlicht Storage GmbH',
  address: 'Hafenstraße 1\n20457 Hamburg',
  taxId: 'DE123456789',
  terms: 'Payable within 14 days.',
  logo: pixel,
};

const tariff = {
  ...standardTariff,
  pricesIn: 'currency' as const,
  language: 'de-DE',
  prices: standardTariff.prices.map((price) => ({
    ...price,
    downloadedPerGb: '8.5',
    uploadedPerGb: '1',
    putPerThousand: '0.5',
    getPerThousand: '0.04',
    listPerThousand: '0.5',
    baseFee: '1234.5',
  })),
};

let billed: BilledCluster;
let whmcs: BilledCluster['whmcs'];
let console_: BilledCluster['console'];
let customers: number;

/** Names of the files in a zip, from its central directory. */
function zipNames(zip: Buffer): string[] {
  const names: string[] = [];
  for (let at = zip.indexOf('PK\u0001\u0002', 0, 'latin1'); at >= 0; ) {
    const length = zip.readUInt16LE(at + 28);
    names.push(zip.toString('utf8', at + 46, at + 46 + length));
    at = zip.indexOf('PK\u0001\u0002', at + 46, 'latin1');
  }
  return names;
}

async function textOf(file: Uint8Array): Promise<{ pages: number; text: string }> {
  const { totalPages, text } = await extractText(new Uint8Array(file), { mergePages: true });
  return { pages: totalPages, text: text.replaceAll('\u00a0', ' ') };
}

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: afterMonth });
  billed = await BilledCluster.start({
    gateway: {
      now: afterMonth,
      users: 9,
      usage: 24 * 33,
      usageServices: 1,
      usagePeriodSeconds: 3600,
    },
    clients: 8,
    tariff,
  });
  ({ console: console_, whmcs } = billed);
  const { customerIds, tariffId } = billed;
  for (const customerId of customerIds) {
    await console_.call('customers.setTariff', { customerId, tariffId });
  }
  customers = customerIds.length;
  await console_.call('billing.setProvider', provider);
});

afterAll(async () => {
  vi.useRealTimers();
  await billed.end();
});

describe('the bills of a month', () => {
  const bill = (out: string) =>
    billOnce(
      console_.core,
      { connection: 'Billing', period: '2026-10', draftInvoices: true, out },
      new AbortController().signal,
    );

  it('hold back what no network carries, until somebody accepts it with a reason, and again once that is withdrawn', async () => {
    const preview = () => console_.call('statements.previewAll', period);
    const before = await preview();
    expect(before).toMatchObject({
      sums: [{ currency: 'EUR', minorDigits: 2, statements: customers - 1 }],
      ...{ issued: 0, refused: 1 },
    });
    expect(before.items).toHaveLength(customers);
    // each customer of the billing system is in one count
    const all = (await console_.call('customers.list', { limit: 1 })).total;
    expect(before.withoutUser).toBe(all - customers);
    const waits = { amount: null, error: { code: 'COVERAGE_INCOMPLETE' } };
    expect(before.items.at(-1)).toMatchObject(waits);
    const totals = before.items.slice(0, -1).map(({ amount }) => Number(amount?.total));
    expect(totals).toEqual(totals.toSorted((one, other) => other - one));
    expect((await console_.call('statements.issued', {})).total).toBe(0);
    const { refused, issued, withoutUser } = await bill(join(console_.dataDir, 'held'));
    expect(withoutUser).toBe(all - customers);
    const after = { sums: [], issued: customers - 1, refused: 1, withoutUser, items: [waits] };
    expect(await preview()).toMatchObject(after);
    const { rows: made } = await console_.call('statements.issued', { limit: 100 });
    const ofMonth = (month: typeof period) =>
      console_.call('statements.issued', { period: month, compare: false, limit: 1 });
    expect(await ofMonth(period)).toMatchObject({ total: customers - 1, rows: [{ change: null }] });
    expect((await ofMonth({ from: '2026-09-01', to: '2026-10-01' })).total).toBe(0);
    const found = async (of: object) =>
      (await console_.call('statements.issued', { ...of, compare: false })).rows;
    const [sought] = made;
    expect(await found({ search: ` ${sought?.number.toLowerCase()} ` })).toMatchObject([
      { statementId: sought?.statementId },
    ]);
    const named = await found({ search: sought?.customerName?.toUpperCase() });
    expect(named.map(({ statementId }) => statementId)).toContain(sought?.statementId);
    expect(named.length).toBeLessThan(made.length);
    // the whole register is searched, not the page that is asked for
    const last = made.at(-1);
    expect(await found({ search: last?.number, limit: 1 })).toMatchObject([
      { statementId: last?.statementId },
    ]);
    const within = { from: period.from, to: '2026-12-01' };
    expect(await found({ within })).toHaveLength(made.length);
    expect(await found({ within: { from: '2026-10-02', to: '2026-12-01' } })).toHaveLength(
      made.length,
    );
    expect(await found({ within: { from: period.to, to: '2026-12-01' } })).toEqual([]);
    expect(await found({ within, search: 'nobody of that name' })).toEqual([]);
    const total = made.reduce((sum, one) => sum + Number(one.total), 0);
    expect(before.sums[0]?.total).toBe(total);
    const [{ customerId = '', error = null } = {}, second] = refused;
    expect(second).toBeUndefined();
    expect(issued).toBe(customers - 1);
    expect(error).toMatchObject({
      code: 'COVERAGE_INCOMPLETE',
      message: expect.stringContaining('which no network or gateway can do'),
    });
    const { held = [] } = await console_.call('statements.make', { customerId, ...period });
    expect(held).toMatchObject([{ item: 'downloaded', accepted: null }]);
    const { state } = await console_.call('statements.acceptHeld', {
      ...{ customerId, ...period, reason: 'The gateway was tested that day' },
    });
    expect(state).toBe('final');
    const { rows } = await console_.call('customers.journal', { customerId, limit: 100 });
    expect(rows.find(({ action }) => action === 'statements.acceptHeld')).toMatchObject({
      details: { reason: 'The gateway was tested that day', item: 'downloaded' },
    });
    await expect(
      console_.call('statements.acceptHeld', { customerId, ...period, reason: 'Again' }),
    ).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const withdrawn = { customerId, ...period, reason: 'The customer disputes it' };
    const again = await console_.call('statements.withdrawHeld', withdrawn);
    expect(again).toMatchObject({ state: 'draft', held: [{ item: 'downloaded', accepted: null }] });
    const journal = await console_.call('customers.journal', { customerId, limit: 1 });
    expect(journal.rows).toMatchObject([
      {
        action: 'statements.withdrawHeld',
        details: { reason: withdrawn.reason, item: 'downloaded', quantity: held[0]?.quantity },
      },
    ]);
    await expect(console_.call('statements.withdrawHeld', withdrawn)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    const final = { customerId, ...period, requireFinal: true };
    await expect(console_.call('statements.issue', final)).rejects.toMatchObject({
      code: 'COVERAGE_INCOMPLETE',
    });
    await console_.call('statements.acceptHeld', {
      ...{ customerId, ...period, reason: 'The customer agreed' },
    });
  });

  it('hold a peak back for the customer who has the user in that hour', async () => {
    const { rows } = await console_.call('customers.list', { filter: { users: 'some' } });
    const made = await Promise.all(
      rows.map(({ customerId }) => console_.call('statements.make', { customerId, ...period })),
    );
    const [line] = made.flatMap(({ held = [] }) => held);
    const { userId = '', words = '' } = line ?? {};
    const peak = Date.parse(`${/from (\S+ \S+) UTC/.exec(words)?.[1]}Z`);
    const other = rows.find(({ users }) => users.every((user) => user.userId !== userId));
    const customerId = other?.customerId ?? '';
    const [{ connectionId = '' } = {}] = other?.users ?? [];
    const since = async (time: number) => {
      const asked = { customerId, connectionId, userId, since: new Date(time).toISOString() };
      const statement = { customerId, ...period };
      const preview = await console_.call('customers.previewHandover', { ...asked, statement });
      expect(preview.statement?.amount).not.toBe(0);
      return preview.statement?.state;
    };
    expect([await since(peak), await since(peak + 3_600_000)]).toEqual(['draft', 'final']);
  });

  it('are issued, written as PDF, CSV, JSON and one zip, and drafted, by one command', async () => {
    whmcs.faults.add({ kind: 'drop-before', action: 'CreateInvoice', count: 1 });
    const first = await bill(join(console_.dataDir, 'first'));
    expect(first.invoices).toMatchObject({
      ...{ created: 0, existing: customers - 1, failed: 1 },
      failures: [{ customerId: expect.any(String), name: expect.stringMatching(/./) }],
    });
    const failure = first.invoices?.failures[0];
    expect(billed.customerIds).toContain(failure?.customerId);
    expect(failure?.message).toMatch(/./);
    expect(isWholeBill(first)).toBe(false);
    whmcs.faults.clear();
    const out = join(console_.dataDir, 'out');
    const report = await bill(out);
    expect(report).toMatchObject({
      period,
      customers,
      issued: customers,
      refused: [],
      files: 3 * customers + 1,
      invoices: { created: 1, existing: customers - 1, failed: 0, failures: [] },
    });
    expect(customers).toBeGreaterThan(3);
    expect(isWholeBill(report)).toBe(true);
    const names = readdirSync(out);
    expect(names).toHaveLength(report.files);
    const { rows } = await console_.call('statements.issued', { limit: 100 });
    for (const { number } of rows) {
      expect(
        names
          .filter((name) => name.includes(number))
          .map((name) => name.slice(-4))
          .sort(),
      ).toEqual(['.csv', '.pdf', 'json']);
    }
    const zip = readFileSync(join(out, names.find((name) => name.endsWith('.zip')) ?? ''));
    const pdfs = names.filter((name) => name.endsWith('.pdf'));
    expect(zipNames(zip).sort()).toEqual([...pdfs, 'statements.csv'].sort());
    const again = await bill(out);
    expect(again).toMatchObject({
      issued: customers,
      invoices: { created: 0, existing: customers },
    });
    expect(whmcs.state.invoices.size).toBe(customers);
    // another tariff since makes no second statement of the month
    const { connectionId } = billed;
    const dearer = { ...tariff, name: 'Dearer' };
    const { tariffId } = await console_.call('tariffs.save', { connectionId, tariff: dearer });
    const [customerId = ''] = billed.customerIds;
    const before = (await console_.call('customers.get', { customerId })).tariffId;
    await console_.call('customers.setTariff', { customerId, tariffId });
    const preview = await console_.call('statements.previewAll', period);
    expect(preview).toMatchObject({ issued: customers, items: [] });
    expect(await bill(out)).toMatchObject({ issued: customers, invoices: { created: 0 } });
    await console_.call('customers.setTariff', { customerId, tariffId: before });
  });
});

describe('the PDF of a statement', () => {
  it('holds letterhead, number, total in the numbers of its language, and its pages', async () => {
    const { rows } = await console_.call('statements.issued', { limit: 100 });
    for (const { statementId, number, total, customerName = '' } of rows) {
      const file = await console_.call('statements.exportIssued', { statementId, format: 'pdf' });
      expect(file.mediaType).toBe('application/pdf');
      const { text, pages } = await textOf(Buffer.from(file.base64 ?? '', 'base64'));
      const euros = (Number(total) / 100).toLocaleString('de-DE', { minimumFractionDigits: 2 });
      expect(text).toContain(`${euros} EUR`);
      expect(text).toContain(number);
      expect(text).toContain('1.234,50');
      expect(text).toContain(customerName);
      expect(text).toContain('Hafenstraße 1');
      expect(text).toContain('DE123456789');
      expect(text).toContain('Payable within 14 days.');
      expect(text).toContain(`Page ${pages} of ${pages}`);
    }
  });

  it('is the same bytes each time', async () => {
    const { rows } = await console_.call('statements.issued', { limit: 1 });
    const { statementId = '' } = rows[0] ?? {};
    const digest = async () => {
      const file = await console_.call('statements.exportIssued', { statementId, format: 'pdf' });
      return createHash('sha256')
        .update(file.base64 ?? '')
        .digest('hex');
    };
    expect(await digest()).toBe(await digest());
  });

  it('of all of a month come as one zip; of a month without statements there is none', async () => {
    const file = await console_.call('statements.exportAll', {
      ...period,
      formats: ['pdf', 'csv'],
    });
    expect(zipNames(Buffer.from(file.base64 ?? '', 'base64'))).toHaveLength(2 * customers + 1);
    await expect(
      console_.call('statements.exportAll', { from: period.to, to: '2026-12-01T00:00:00.000Z' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a script over the web shell', () => {
  it('issues a statement once however often it asks, corrects it once, and finds its invoice', async () => {
    const sessions = new Sessions({ idleMilliseconds: 60_000, browsers: 1 });
    const folder = mkdtempSync(join(console_.dataDir, 'interface-'));
    writeFileSync(join(folder, 'index.html'), '<title>console</title>');
    const files = new StaticAssets(folder);
    const server = createWebServer({ core: console_.core, files, sessions });
    const origin = `http://127.0.0.1:${await listen(server, { port: 0, socket: null })}`;
    const post = async (path: string, body: object, token = ''): Promise<Reply> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const answer = await fetch(`${origin}${path}`, {
        ...{ method: 'POST', body: JSON.stringify(body), headers },
      });
      return (await answer.json()) as Reply;
    };
    const { token } = await post('/session', { code: sessions.issueCode() });
    const rpc = async (call: string, body: object) => {
      const { ok, value, error } = await post(`/rpc/${call}`, body, token);
      return ok ? value : Promise.reject(Object.assign(new Error(call), error));
    };
    try {
      const { rows: listed } = await console_.call('customers.list', { filter: { users: 'some' } });
      const [one, two] = listed;
      const { customerId = '' } = one ?? {};
      const input = { customerId, from: '2026-11-01T00:00:00Z', to: '2026-11-01T12:00:00Z' };
      const made = await rpc('statements.make', input);
      expect(made).toMatchObject({ state: 'final', total: expect.anything() });
      const issued = await rpc('statements.issue', input);
      expect(issued).toMatchObject({
        ...{ statementId: expect.any(String), number: expect.stringMatching(/^C-/) },
        ...{ digest: expect.stringMatching(/^[0-9a-f]{64}$/), total: made?.total },
        issuedAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T/),
      });
      expect(await rpc('statements.issue', input)).toEqual(issued);
      const { statementId } = issued as { statementId: string };
      const corrections = () => rpc('statements.corrections', { statementId });
      expect(await corrections()).toMatchObject({ changed: false, corrections: [] });
      await expect(rpc('statements.issue', { corrects: statementId })).rejects.toMatchObject({
        ...{ code: 'CONFLICT', retryable: false, hint: expect.any(String) },
      });

      const [{ connectionId = '', userId = '' } = {}] = two?.users ?? [];
      await rpc('customers.unmap', { customerId: two?.customerId, connectionId, userId });
      await rpc('customers.map', { customerId, connectionId, userId });
      const changed = await corrections();
      expect(changed).toMatchObject({ changed: true, words: expect.stringMatching(/^Changed/) });
      const correction = await rpc('statements.issue', { corrects: statementId });
      expect(correction).toMatchObject({ corrects: statementId, total: changed?.total });
      expect(await rpc('statements.issue', { corrects: statementId })).toEqual(correction);
      expect(await corrections()).toMatchObject({ changed: false, corrections: [correction] });
      // what was issued stays as it was
      expect((await rpc('statements.get', { statementId }))?.issued).toMatchObject({
        ...{ total: issued?.total, digest: issued?.digest },
      });
      const { rows } = (await rpc('statements.issued', { customerId, offset: 0, limit: 10 })) as {
        rows: unknown[];
      };
      expect(rows.length).toBeGreaterThanOrEqual(2);

      const invoices = (await rpc('invoices.list', { offset: 0, limit: 1 })) as {
        rows: { invoiceId: string; reference: string }[];
      };
      const [invoice] = invoices.rows;
      const notes = whmcs.state.invoices.get(Number(invoice?.invoiceId))?.notes;
      expect(notes).toMatch(/OC-[0-9a-f]{24}/);
      expect(notes).toContain(invoice?.reference);
    } finally {
      await server.close();
    }
  });
});

interface Reply {
  token: string;
  ok: boolean;
  value?: Record<string, unknown>;
  error?: object;
}
