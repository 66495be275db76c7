import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ProxyLookup } from '#core/clusters/connections/proxy-for.ts';
import { MemorySecretStore } from '#core/clusters/secrets/secret-store.ts';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { type Certificate, createAuthority, issueCertificate } from '#simulator/certificates.ts';
import { startWhmcsSimulator, type WhmcsSimulator } from '#simulator/whmcs/index.ts';
import { eventually } from '#test/fakes/eventually.ts';
import { foundUnder } from '#test/fakes/files-under.ts';
import { ProxyServer } from '#test/fakes/proxy-server.ts';
import { serverCertificates } from '#test/fakes/server-certificates.ts';
import { SocksServer } from '#test/fakes/socks-server.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

type Way = Pick<CallInput<'billing.save'>, 'tls' | 'proxy' | 'timeoutSeconds' | 'readOnly'>;
type Test = CallOutput<'billing.test'>;

const names = ['signed', 'other', 'self', 'expired', 'elsewhere', 'expiring'] as const;
type Name = (typeof names)[number];

let authority: Certificate;
let certificates: Record<Name, Certificate>;
let installations: Record<Name, WhmcsSimulator>;
let plain: WhmcsSimulator;
let proxy: ProxyServer;
let guarded: ProxyServer;
let socks: SocksServer;

const password = 'open sesame';
const stateOf = ({ steps }: Test) => steps.map(({ state }) => state);
const all = ['passed', 'passed', 'passed', 'passed'];

beforeAll(async () => {
  authority = await createAuthority();
  certificates = {
    ...(await serverCertificates(authority)),
    expiring: await issueCertificate(authority, {
      validTo: new Date(Date.now() + 10.5 * 86_400_000),
    }),
  };
  const started = await Promise.all(
    names.map(
      async (name) =>
        [name, await startWhmcsSimulator({ clients: 3, tls: certificates[name] })] as const,
    ),
  );
  installations = Object.fromEntries(started) as typeof installations;
  [plain, proxy, guarded, socks] = await Promise.all([
    startWhmcsSimulator({ clients: 3 }),
    ProxyServer.start(),
    ProxyServer.start(`operator:${password}`),
    SocksServer.start(),
  ]);
});
afterAll(() =>
  Promise.all(
    [...Object.values(installations), plain, proxy, guarded, socks].map((one) => one.stop()),
  ),
);

let console_: TestConsole;
afterEach(() => console_.end());

/** Saves a billing connection to an installation, and tests it. */
async function connect(whmcs: WhmcsSimulator, way: Way, systemProxy?: ProxyLookup) {
  console_ = await TestConsole.start(systemProxy ? { systemProxy } : {});
  const { url, identifier, secret } = whmcs;
  const fields = { name: 'Billing', kind: 'whmcs' as const, url, identifier, secret };
  const { id } = await console_.call('billing.save', { ...fields, ...way });
  const test = (): Promise<Test> => console_.call('billing.test', { id });
  return { id, fields, test, result: await test() };
}

describe('the certificate of a WHMCS', () => {
  const ofAuthority = (): Way => ({ tls: { ca: authority.certificate } });

  it('of a given authority is trusted, and customers are read', async () => {
    const { id, result } = await connect(installations.signed, ofAuthority());
    expect(stateOf(result)).toEqual(all);
    expect(result.steps[1]?.detail).toMatch(/^Trusted: CN=localhost, issued by .* valid until /);
    expect((await console_.call('billing.refresh', { id })).customers).toBe(3);
  });

  it.each([
    ['signed', 'no authority is given', {}, /authority/],
    ['self', 'nothing is given', {}, /self-signed/],
    ['other', 'another authority is given', 'authority', /authority/],
    ['expired', 'it has expired', 'authority', /expired/],
    ['elsewhere', 'it is for another host', 'authority', /another host name/],
  ] as const)(
    '(%s) is refused where %s, shown, and nothing is sent',
    async (name, _why, trust, reason) => {
      const whmcs = installations[name];
      whmcs.log.length = 0;
      const way = trust === 'authority' ? ofAuthority() : trust;
      const { id, result } = await connect(whmcs, way);
      expect(result).toMatchObject({ ok: false });
      expect(stateOf(result)).toEqual(['passed', 'failed', 'not-tried', 'not-tried']);
      expect(result.steps[1]).toMatchObject({ name: 'tls', detail: expect.stringMatching(reason) });
      const { fingerprint256 } = certificates[name];
      expect(result.certificate).toMatchObject({ fingerprint256, selfSigned: name === 'self' });
      await expect(console_.call('billing.refresh', { id })).rejects.toMatchObject({
        code: 'CERTIFICATE_UNTRUSTED',
        message: expect.stringMatching(reason),
        hint: expect.not.stringMatching(/gateway/i),
      });
      expect(whmcs.log).toEqual([]);
    },
  );

  it.each(['self', 'other', 'expired', 'elsewhere'] as const)(
    '(%s) that is pinned by its fingerprint is accepted',
    async (name) => {
      const fingerprint256 = certificates[name].fingerprint256.toLowerCase();
      const { result } = await connect(installations[name], { tls: { fingerprint256 } });
      expect(stateOf(result)[1]).not.toBe('failed');
      expect(result.ok).toBe(true);
      expect(result.steps[1]?.detail).toMatch(/^The pinned one: /);
    },
  );

  it('that expires within thirty days is said to', async () => {
    const { result } = await connect(installations.expiring, ofAuthority());
    expect(result.ok).toBe(true);
    expect(result.steps[1]).toMatchObject({
      state: 'caution',
      detail: expect.stringContaining('It expires in 10 days.'),
    });
  });

  it('authority that can’t be read is refused when it is saved', async () => {
    const ca = '-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----';
    await expect(connect(installations.self, { tls: { ca } })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  it('that is not the pinned one stops what is sent, until a test sees the pinned one again', async () => {
    const { signed, self } = installations;
    const { fingerprint256 } = certificates.self;
    const { id, fields, test, result } = await connect(self, { tls: { fingerprint256 } });
    expect(result.ok).toBe(true);
    const system = async () => (await console_.call('billing.list', {}))[0];
    await console_.call('billing.refresh', { id });
    const [first] = (await console_.call('customers.list', {})).rows;
    const usage = { billingId: id, customerIds: [first?.customerId ?? ''] };
    // the same connection, led to another server by whoever answers in its place
    signed.log.length = 0;
    const pinned = { ...fields, id, tls: { fingerprint256 } };
    await console_.call('billing.save', { ...pinned, url: signed.url });
    await expect(console_.call('billing.refresh', { id })).rejects.toMatchObject({
      code: 'CERTIFICATE_PIN_MISMATCH',
    });
    expect(signed.log).toEqual([]);
    const shown = certificates.signed.fingerprint256;
    await eventually(async () => {
      expect(await system()).toMatchObject({
        pinAlarm: { pinned: fingerprint256, shown },
        hold: { code: 'CERTIFICATE_PIN_MISMATCH' },
      });
    });
    // back at the right one: readings go, changes wait for somebody
    await console_.call('billing.save', pinned);
    expect((await console_.call('billing.refresh', { id })).customers).toBe(3);
    await expect(console_.call('invoices.sendUsage', usage)).rejects.toMatchObject({
      code: 'CERTIFICATE_PIN_MISMATCH',
      message: expect.stringContaining('changes are off. Nothing was sent.'),
    });
    expect((await test()).ok).toBe(true);
    await eventually(async () => expect(await system()).not.toHaveProperty('pinAlarm'));
    await console_.call('invoices.sendUsage', usage);
    const { rows } = await console_.call('customers.journal', {});
    expect(rows.filter(({ action }) => action === 'billing.pinAlarm')).toMatchObject([
      { billingId: id, details: { billing: 'Billing', before: fingerprint256, after: shown } },
    ]);
  });
});

describe('a proxy to WHMCS', () => {
  const pin = (): Pick<Way, 'tls'> => ({
    tls: { fingerprint256: certificates.self.fingerprint256 },
  });
  const through = (url: string, more = {}): Way['proxy'] => ({ mode: 'manual', url, ...more });
  const portOf = ({ url }: WhmcsSimulator) => new URL(url).port;

  it('is asked for a tunnel to https, in which the certificate still counts', async () => {
    const { self } = installations;
    const { result } = await connect(self, { ...pin(), proxy: through(proxy.url) });
    expect(stateOf(result)).toEqual(all);
    expect(result.steps[0]?.detail).toContain('The proxy of this connection.');
    expect(proxy.seen.at(-1)).toBe(`CONNECT localhost:${portOf(self)}`);
    await console_.end();
    const untrusted = await connect(self, { proxy: through(proxy.url) });
    expect(untrusted.result.certificate).toMatchObject(pin().tls ?? {});
  });

  it('is handed plain http, its credential in the body alone', async () => {
    const { id } = await connect(plain, { proxy: through(proxy.url) });
    expect((await console_.call('billing.refresh', { id })).customers).toBe(3);
    expect(proxy.seen.at(-1)).toBe(`POST ${plain.url}/includes/api.php`);
  });

  it('gets a user name and password, or is named where it wants them; neither is in a file', async () => {
    const secretStore = new MemorySecretStore();
    console_ = await TestConsole.start({ secretStore });
    const { url, identifier, secret } = installations.self;
    const of = { name: 'Billing', kind: 'whmcs' as const, url, identifier, secret, ...pin() };
    const save = (proxyOf: Way['proxy'], id?: string) =>
      console_.call('billing.save', { ...of, ...(id ? { id } : {}), proxy: proxyOf });
    const { id } = await save(through(guarded.url, { username: 'operator', password }));
    expect((await console_.call('billing.test', { id })).ok).toBe(true);
    const refused = [
      through(guarded.url),
      through(guarded.url, { username: 'operator', password: 'wrong-one' }),
    ];
    for (const one of refused) {
      await save(one, id);
      const { ok, steps } = await console_.call('billing.test', { id });
      expect([ok, steps[0]?.state]).toEqual([false, 'failed']);
      expect(steps[0]?.detail).toMatch(/proxy .*user name and password/i);
      expect(JSON.stringify(steps)).not.toContain('wrong-one');
      await expect(console_.call('billing.refresh', { id })).rejects.toMatchObject({
        code: 'PROXY_FAILED',
      });
    }
    expect(foundUnder(console_.dataDir, { password, wrong: 'wrong-one', secret })).toEqual([]);
  });

  it('of SOCKS carries it too', async () => {
    const way = { ...pin(), proxy: through(`socks5://${socks.host}`) };
    const { result } = await connect(installations.self, way);
    expect(stateOf(result)).toEqual(all);
    expect(socks.seen.at(-1)).toBe(`5 localhost:${portOf(installations.self)}`);
  });

  it('that is gone is blamed, not the address', async () => {
    const gone = await ProxyServer.start();
    const { url } = gone;
    await gone.stop();
    const { result } = await connect(plain, { proxy: through(url) });
    expect(result.steps[0]).toMatchObject({
      state: 'failed',
      detail: 'The proxy cannot be reached.',
    });
  });

  it('of the system is asked for other machines, and for none on this one', async () => {
    const asked: string[] = [];
    const system: ProxyLookup = async (url) => {
      asked.push(url);
      return proxy.url;
    };
    const seen = proxy.seen.length;
    const { fields, id, test, result } = await connect(installations.self, pin(), system);
    expect(stateOf(result)).toEqual(all);
    expect(result.steps[0]?.detail).toContain('No proxy: the address is this machine.');
    expect([asked, proxy.seen.length]).toEqual([[], seen]);
    await console_.call('billing.save', {
      ...fields,
      id,
      url: 'https://billing.invalid',
      ...pin(),
    });
    expect((await test()).steps[0]).toMatchObject({
      state: 'failed',
      detail: expect.stringMatching(/proxy/i),
    });
    expect(asked).toEqual(['https://billing.invalid']);
    expect(proxy.seen.at(-1)).toBe('CONNECT billing.invalid:443');
  });
});

describe('a WHMCS that does not answer', () => {
  it('is given up after the time of its connection', async () => {
    plain.faults.add({ kind: 'hang-before' });
    const { id, result } = await connect(plain, { timeoutSeconds: 1 });
    plain.faults.clear();
    expect(result.steps[0]).toMatchObject({
      state: 'failed',
      detail: expect.stringMatching(/in time/),
    });
    expect((await console_.call('billing.refresh', { id })).customers).toBe(3);
  });
});

describe('an administrator’s policy', () => {
  let folder: string;

  async function startWith(settings: Record<string, string>) {
    folder = await mkdtemp(join(tmpdir(), 'ostor-console-policy-'));
    const policyFile = join(folder, 'policy.json');
    await writeFile(policyFile, JSON.stringify({ version: 1, settings }), { mode: 0o600 });
    console_ = await TestConsole.start({ policyFile });
  }

  afterEach(() => rm(folder, { recursive: true }));

  it('that forbids to add connections forbids billing connections too, and keeps those there are', async () => {
    await startWith({});
    const { url, identifier, secret } = plain;
    const fields = { name: 'Billing', kind: 'whmcs' as const, url, identifier, secret };
    const { id } = await console_.call('billing.save', fields);
    const forbidding = { version: 1, settings: { addConnections: 'forbidden' } };
    await console_.restart(() =>
      writeFile(join(folder, 'policy.json'), JSON.stringify(forbidding), { mode: 0o600 }),
    );
    const refusal = { code: 'POLICY_FORBIDS', message: expect.stringContaining('Adding') };
    const other = { ...fields, name: 'Other' };
    await expect(console_.call('billing.save', other)).rejects.toMatchObject(refusal);
    const csv = 'customer id,name\n1,Ada\n';
    const table = { name: 'Table', kind: 'file' as const, csv };
    await expect(console_.call('billing.save', table)).rejects.toMatchObject(refusal);
    await console_.call('billing.save', { ...fields, id, name: 'Shop' });
    const names = (await console_.call('billing.list', {})).map(({ name }) => name);
    expect(names).toEqual(['Shop']);
  });

  it('that forbids plain http to other machines forbids it to WHMCS too', async () => {
    await startWith({ plainHttp: 'forbidden' });
    const { url, identifier, secret } = plain;
    const fields = { name: 'Billing', kind: 'whmcs' as const, identifier, secret };
    const inClear = { ...fields, url: 'http://billing.example.com' };
    await expect(console_.call('billing.save', inClear)).rejects.toMatchObject({
      code: 'POLICY_FORBIDS',
    });
    expect(await console_.call('billing.list', {})).toEqual([]);
    const { id } = await console_.call('billing.save', { ...fields, url });
    expect((await console_.call('billing.test', { id })).ok).toBe(true);
  });
});
