import { afterEach, describe, expect, it } from 'vitest';
import { parseBase } from '#core/customers/whmcs/base-address.ts';
import { WhmcsClient } from '#core/customers/whmcs/client.ts';
import type { WhmcsProbe } from '#core/customers/whmcs/probe.ts';
import { WhmcsSystem } from '#core/customers/whmcs/whmcs-system.ts';
import { neededActions } from '#shared/whmcs-role.ts';
import {
  startWhmcsSimulator,
  type WhmcsOptions,
  type WhmcsSimulator,
} from '#simulator/whmcs/index.ts';
import type { WhmcsFault } from '#simulator/whmcs/model/variants.ts';

interface With extends Partial<WhmcsProbe> {
  secret?: string;
  /** Whether the access key is sent. */
  accessKey?: boolean;
  /** Milliseconds without an answer. */
  headers?: number;
}

describe('the test of a WHMCS', () => {
  let whmcs: WhmcsSimulator;
  let system: WhmcsSystem;

  async function open(options: WhmcsOptions = {}, of: With = {}) {
    const { hold = null, inClear = false, headers = 30_000 } = of;
    whmcs = await startWhmcsSimulator({ clients: 3, ...options });
    const client = new WhmcsClient({
      ...parseBase(whmcs.url),
      identifier: whmcs.identifier,
      secret: of.secret ?? whmcs.secret,
      accessKey: of.accessKey ? whmcs.accessKey : null,
      proxy: null,
      userAgent: 'test',
      timeouts: { headers },
      retry: { attempts: 3, firstPause: 2, longestPause: 2 },
    });
    system = new WhmcsSystem(client, { hold, inClear });
  }

  const steps = async () => (await system.test()).steps;
  const states = async () => (await steps()).map(({ state }) => state);

  afterEach(async () => {
    await system.close();
    await whmcs.stop();
  });

  it('names the version, the actions that the role lacks, and those it has to allow; nothing is changed', async () => {
    await open();
    whmcs.denied.add('CreateInvoice');
    const [address, tls, credential, permissions] = await steps();
    expect([address, tls].map((step) => step?.state)).toEqual(['passed', 'passed']);
    expect(credential).toMatchObject({ state: 'passed', detail: 'Accepted by WHMCS 9.0.1.' });
    expect(permissions).toMatchObject({
      state: 'failed',
      detail: 'The role does not allow CreateInvoice (draft invoices).',
      hint: expect.stringContaining('GetClientsProducts'),
    });
    const called = whmcs.log.map(({ action }) => action);
    expect(neededActions.filter(({ action }) => !called.includes(action))).toEqual([]);
    const { invoices, clientNotes, billableItems } = whmcs.state;
    expect([invoices.size, clientNotes.length, billableItems.length]).toEqual([0, 0, 0]);
  });

  it('knows the version of an installation that has no WhmcsDetails', async () => {
    await open({ variants: { version: '7.10' } });
    const [, , credential] = await steps();
    expect(credential).toMatchObject({ state: 'passed', detail: 'Accepted by WHMCS 7.10.1.' });
  });

  it('calls nothing that writes while it is locked, and says how to try the rest', async () => {
    await open({}, { hold: 'CONNECTION_LOCKED' });
    const [, , , permissions] = await steps();
    expect(permissions).toMatchObject({
      state: 'caution',
      detail: expect.stringContaining('locked against changes: no other was tried'),
      hint: expect.stringContaining('unlock it'),
    });
    const called = whmcs.log.map(({ action }) => action);
    expect(called.filter((action) => !/^Get|^WhmcsDetails/.test(action))).toEqual([]);
  });

  it('calls nothing that writes where the connection is read-only', async () => {
    await open({}, { hold: 'CONNECTION_READ_ONLY' });
    whmcs.denied.add('CreateInvoice');
    const tested = await steps();
    expect(tested.map(({ state }) => state)).toEqual(['passed', 'passed', 'passed', 'passed']);
    expect(tested[3]?.detail).toContain('read-only');
    const called = whmcs.log.map(({ action }) => action);
    expect(called.filter((action) => !/^Get|^WhmcsDetails/.test(action))).toEqual([]);
  });

  it('fails where WHMCS refuses what every action asks for, and says what it said', async () => {
    await open();
    whmcs.faults.add({ kind: 'empty-action' });
    const refused = await steps();
    expect(refused.map(({ state }) => state)).toEqual(['passed', 'passed', 'failed', 'not-tried']);
    expect(refused[2]).toMatchObject({
      detail: expect.stringContaining('Empty action request'),
      hint: expect.stringContaining('redirect'),
    });
  });

  it('names the list that WHMCS refuses to read though the role allows it', async () => {
    await open();
    whmcs.faults.add({ kind: 'error', action: 'GetClients', message: 'Something is wrong' });
    expect((await steps())[3]).toMatchObject({
      state: 'failed',
      detail: 'GetClients (customers) failed: WHMCS refused GetClients: Something is wrong.',
    });
  });

  it('tells a wrong secret from a wrong address', async () => {
    await open({}, { secret: 'wrong' });
    const [address, , credential, permissions] = await steps();
    expect(address?.state).toBe('passed');
    expect(credential).toMatchObject({ state: 'failed', detail: 'WHMCS refused the secret.' });
    expect(permissions?.state).toBe('not-tried');
  });

  it('names the address that WHMCS saw and does not let in; the access key lets it in', async () => {
    await open({ addressAllowed: false });
    const refused = await steps();
    expect(refused.map(({ state }) => state)).toEqual(['passed', 'passed', 'failed', 'not-tried']);
    expect(refused[2]).toMatchObject({
      detail: 'WHMCS does not let this address call it: 127.0.0.1.',
      hint: expect.stringContaining('API IP Access Restriction'),
    });
    await system.close();
    await whmcs.stop();
    await open({ addressAllowed: false }, { accessKey: true });
    expect(await states()).toEqual(['passed', 'passed', 'passed', 'passed']);
  });

  it.each<[WhmcsFault['kind'], RegExp]>([
    ['html-403', /A web page came in place of an answer of WHMCS \(HTTP 403\)/],
    ['html-200', /A web page came in place of an answer of WHMCS \(HTTP 200\)/],
    ['html-503', /A web page came in place of an answer of WHMCS \(HTTP 503\)/],
    ['html-429', /refuses more requests for now/],
    ['emitted-previously', /something printed text before its answer/],
    ['drop-before', /closed the connection|reset|broke/i],
    ['hang-before', /did not answer in time/],
    ['invalid-ip', /does not let this address call it: 203\.0\.113\.9/],
    ['access-denied', /lacks API access/],
  ])(
    'names the one action that %s stops, in plain words, and leaves the address out of it',
    async (kind, words) => {
      await open({}, kind === 'hang-before' ? { headers: 400 } : {});
      for (const { action, need } of neededActions) {
        // a few of them, the first and the last among them
        if (!['GetClients', 'GetOrders', 'AddClientNote'].includes(action)) continue;
        whmcs.faults.clear();
        whmcs.faults.add({ kind, action });
        const [address, tls, credential, permissions] = await steps();
        expect([address, tls, credential].map((step) => step?.state)).toEqual([
          ...['passed', 'passed', 'passed'],
        ]);
        expect(permissions?.state).toBe('failed');
        expect(permissions?.detail).toMatch(words);
        expect(permissions?.detail).toMatch(new RegExp(`^${action} \\(${need}\\) failed: `));
        expect(permissions?.hint).toMatch(/so its address is right: .* stops \w+\.$/);
        expect(permissions?.hint).toContain(action);
      }
    },
  );

  it('is not led astray where only the question for the version is stopped', async () => {
    await open();
    for (const action of ['WhmcsDetails', 'GetAdminDetails']) {
      whmcs.faults.add({ kind: 'html-403', action });
    }
    const tested = await steps();
    expect(tested.map(({ state }) => state)).toEqual(['passed', 'passed', 'passed', 'passed']);
    expect(tested[2]?.detail).toBe('Accepted.');
  });

  it('names what is denied and what is stopped, each by its reason', async () => {
    await open();
    whmcs.denied.add('GetProducts');
    whmcs.faults.add({ kind: 'html-403', action: 'GetInvoice' });
    const [, , , permissions] = await steps();
    expect(permissions?.detail).toMatch(
      /^The role does not allow GetProducts \(.*\)\. GetInvoice \(reading drafts back\) failed: A web page/,
    );
    expect(permissions?.hint).toMatch(/^Allow these actions .* stops GetInvoice\.$/);
  });

  it.each(['html-403', 'html-200', 'html-503', 'html-429', 'drop-before'] as const)(
    'blames the address where every action meets %s',
    async (kind) => {
      await open();
      whmcs.faults.add({ kind });
      expect(await states()).toEqual(['failed', 'not-tried', 'not-tried', 'not-tried']);
    },
  );

  it('blames what prints before answers, not the address, where WHMCS says so of every action', async () => {
    await open();
    whmcs.faults.add({ kind: 'emitted-previously' });
    const tested = await steps();
    expect(tested.map(({ state }) => state)).toEqual(['passed', 'passed', 'failed', 'not-tried']);
    expect(tested[2]?.detail).toContain('something printed text');
  });

  it('gives up a WHMCS that never answers after two questions', async () => {
    await open({}, { headers: 400 });
    whmcs.faults.add({ kind: 'hang-before' });
    expect(await states()).toEqual(['failed', 'not-tried', 'not-tried', 'not-tried']);
    expect(whmcs.faults.hits).toBe(2);
  });

  it.each([
    ['accepted', {}, undefined, ['passed', 'caution', 'passed', 'passed']],
    [
      'a wrong secret',
      { secret: 'wrong' },
      undefined,
      ['passed', 'caution', 'failed', 'not-tried'],
    ],
    ['no answer', {}, 'html-200', ['failed', 'caution', 'not-tried', 'not-tried']],
  ] as const)(
    'says that plain http to another machine is unencrypted: %s',
    async (_name, of, kind, wanted) => {
      await open({}, { ...of, inClear: true });
      if (kind) whmcs.faults.add({ kind });
      const tested = await steps();
      expect(tested.map(({ state }) => state)).toEqual(wanted);
      expect(tested[1]?.detail).toMatch(/unencrypted/);
    },
  );
});
