import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { signalKinds } from '#shared/contract/signals.ts';
import { day } from '#shared/durations.ts';
import { toAppError } from '#shared/errors.ts';
import { selfSignedCertificate } from '#simulator/certificates.ts';
import {
  type Simulator,
  type StageName,
  stagedElsewhere,
  stageNames,
  stageSignal,
  startSimulator,
} from '#simulator/index.ts';
import { startWhmcsSimulator, type WhmcsSimulator } from '#simulator/whmcs/index.ts';
import { taskEnd, taskResult } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

type Kind = (typeof signalKinds)[number];
type Signal = CallOutput<'signals.list'>['rows'][number];

const now = Date.now();

/** The moments of a console's life at which causes come about, in order. */
const moments = ['first', 'night', 'today', 'collected', 'later'] as const;
type Moment = (typeof moments)[number];

interface Cause {
  at: Moment;
  bring(): unknown;
}

/** Stages a cause, at the gateway or in WHMCS. */
function stage(name: StageName): ReturnType<Simulator['stage']> {
  const subject = simulator.stage(name, whmcs.state);
  staged.set(name, subject);
  return subject;
}

const atGateway = (at: Moment, ...stages: StageName[]): Cause => ({
  at,
  bring: () => stages.map(stage),
});
const inConsole = (at: Moment, bring: () => unknown): Cause => ({ at, bring });

/** What brings about each kind: the gateway where it is the gateway's doing, else the console's use. */
const causes: Record<Kind, Cause> = {
  quota: atGateway('today', 'quota-over'),
  'days-to-full': atGateway('today', 'quota-filling'),
  'rate-limit': atGateway('today', 'rate-limited'),
  egress: atGateway('today', 'egress'),
  deletions: atGateway('today', 'deletion-burst'),
  'dormant-user': atGateway('today', 'dormant-user'),
  'disabled-user': atGateway('today', 'disabled-user'),
  implausible: atGateway('today', 'implausible'),
  'hours-missing': atGateway('today', 'hours-missing'),
  'service-silent': atGateway('today', 'silent-gateway'),
  'clock-skew': atGateway('today', 'clock-ahead'),
  'two-keys': atGateway('first', 'two-keys'),
  unreachable: atGateway('later', 'unreachable'),
  // its certificate expires in ten days from the start on
  certificate: inConsole('first', () => expect(simulator.url).toMatch(/^https:/)),
  'collection-late': atGateway('later', 'statistics-refused'),
  'old-keys': inConsole('first', readKeysAndLimits),
  'reveal-hours': inConsole('night', revealKey),
  'unverified-writes': inConsole('collected', writeUnconfirmed),
  runs: inConsole('collected', runWithFailures),
  drift: inConsole('collected', planThatDiffers),
  'overdue-raises': inConsole('collected', raiseForADay),
  unpaid: inConsole('collected', customersOfAll),
  suspension: inConsole('collected', () => inWhmcs('suspended-service')),
  cancellations: inConsole('collected', cancelWithoutEnd),
  // there never is one
  backup: inConsole('first', () => undefined),
  'disk-space': inConsole('first', () => undefined),
};

const when: Record<Moment, number> = {
  first: now - 40 * day,
  night: new Date(now - 2 * day).setHours(3),
  today: now,
  collected: now,
  later: now + 2 * day,
};

let simulator: Simulator;
let whmcs: WhmcsSimulator;
let billingId: string;
let console_: TestConsole;
let connectionId: string;
const staged = new Map<StageName, ReturnType<Simulator['stage']>>();
const found = new Map<Kind, Signal[]>();

/** Users that no stage is about. */
async function bystanders() {
  const subjects = new Set([...staged.values()].map(({ userId }) => userId));
  const { rows } = await console_.call('users.list', {
    ...{ connectionId, limit: 100, filter: { state: 'enabled', buckets: 'some' } },
  });
  return rows.filter(({ userId }) => !subjects.has(userId));
}

async function readKeysAndLimits(): Promise<void> {
  const { taskId } = await console_.call('inventory.start', {
    ...{ connectionId, requestsPerSecond: 2000, restart: true },
  });
  await taskResult(console_, taskId);
}

async function revealKey(): Promise<void> {
  const { rows } = await console_.call('keys.list', { connectionId, limit: 1 });
  const [key] = rows;
  if (!key) throw new Error('No key was read.');
  const { ownerId: userId, accessKeyId } = key;
  await console_.call('keys.reveal', { connectionId, userId, accessKeyId });
}

async function writeUnconfirmed(): Promise<void> {
  const [user] = await bystanders();
  stage('unconfirmed-writes');
  const target = { user: user?.userId ?? '' };
  const { verified } = await console_.call('quotas.set', { connectionId, target, sizeGb: 90_000 });
  expect(verified).toBe(false);
  simulator.variants.staleMs = 0;
}

async function runWithFailures(): Promise<void> {
  const [, user] = await bystanders();
  const text = `id,quota_gb\n${user?.userId},80000\n`;
  const { runId } = await console_.call('bulk.preview', {
    ...{ connectionId, source: { from: 'csv', text } },
  });
  stage('writes-refused');
  const { taskId } = await console_.call('bulk.apply', { connectionId, runId, canary: 'none' });
  await taskEnd(console_, taskId);
  simulator.faults.clear();
}

async function planThatDiffers(): Promise<void> {
  const { userId = '' } = stage('plan-drift');
  await console_.call('quotas.get', { connectionId, target: { user: userId } });
  const { id } = await console_.call('servicePlans.save', { name: 'Gold', quotaGb: 500 });
  await console_.call('servicePlans.assign', { id, holder: { connectionId, userId } });
}

async function raiseForADay(): Promise<void> {
  const [, , user] = await bystanders();
  const until = new Date(now + day).toISOString();
  const { verified } = await console_.call('pressure.raise', {
    ...{ connectionId, target: { user: user?.userId ?? '' }, change: { sizeGb: '95000' } },
    ...{ until, reason: 'Migration' },
  });
  expect(verified).toBe(true);
}

/** Reads WHMCS, and maps every user that has a client there. */
async function customersOfAll(): Promise<void> {
  stage('unpaid-user');
  for (const service of whmcs.state.services.values()) service.status = 'Active';
  const { url, identifier, secret, accessKey } = whmcs;
  ({ id: billingId } = await console_.call('billing.save', {
    ...{ name: 'WHMCS', kind: 'whmcs', url, identifier, secret, accessKey },
  }));
  await console_.call('billing.refresh', { id: billingId });
  for (const { id: userId, email, system } of simulator.state.users.byId.values()) {
    if (system) continue;
    const customer = await customerOf(email);
    if (!customer) continue;
    const { customerId, serviceList } = await console_.call('customers.get', customer);
    const serviceId = serviceList[0]?.serviceId;
    const service = serviceId === undefined ? {} : { serviceId };
    await console_.call('customers.map', { customerId, connectionId, userId, ...service });
  }
}

async function customerOf(email = '') {
  const { rows } = await console_.call('customers.list', { search: email });
  return rows.find((row) => row.email === email);
}

/** Stages a cause in WHMCS, and reads it. */
async function inWhmcs(name: StageName) {
  const subject = stage(name);
  await console_.call('billing.refresh', { id: billingId });
  return subject;
}

async function cancelWithoutEnd(): Promise<void> {
  const { email } = await inWhmcs('cancelled-service');
  const { customerId = '' } = (await customerOf(email)) ?? {};
  await console_.call('offboarding.open', { customerId });
}

/** Operations of fixes that have a preview, and what it said of the first of each kind. */
const previewed = ['quotas.set', 'limits.set', 'limits.clear', 'users.disable', 'keys.revoke'];
const previews: string[][] = [];

async function previewFixes(): Promise<void> {
  const tried = new Set<string>();
  for (const { kind, action, alternatives = [] } of [...found.values()].flat()) {
    for (const { operation = '', input = {} } of [...(action ? [action] : []), ...alternatives]) {
      if (!previewed.includes(operation) || tried.has(`${kind} ${operation}`)) continue;
      tried.add(`${kind} ${operation}`);
      const preview = { connectionId, operation, input: { connectionId, ...input } } as never;
      const failed = await console_.call('operations.preview', preview).then(() => '', toAppError);
      previews.push([kind, operation, String(failed)]);
    }
  }
}

async function look(): Promise<void> {
  const { rows, incomplete } = await console_.call('signals.list', { connectionId, limit: 1000 });
  expect(incomplete).toEqual([]);
  const ids = rows.map(({ signalId }) => signalId);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  for (const row of rows) found.set(row.kind, [...(found.get(row.kind) ?? []), row]);
}

async function refresh(): Promise<void> {
  await console_.call('sync.refresh', { connectionId });
  const { error } = await console_.call('storage.lastSample', { connectionId });
  expect(error ?? null).toBeNull();
}

/** What an operator does after the causes of a moment came about. */
const work: Record<Moment, () => Promise<void>> = {
  first: refresh,
  night: async () => undefined,
  today: async () => {
    await refresh();
    await readKeysAndLimits();
    const { taskId } = await console_.call('usage.collect', { connectionId });
    expect(await taskEnd(console_, taskId)).toMatchObject({ state: 'succeeded' });
  },
  collected: async () => {
    await look();
    await previewFixes();
  },
  later: async () => {
    await expect(console_.call('sync.refresh', { connectionId })).rejects.toThrow();
    await look();
  },
};

async function live(): Promise<void> {
  for (const moment of moments) {
    vi.setSystemTime(when[moment]);
    for (const cause of Object.values(causes)) if (cause.at === moment) await cause.bring();
    await work[moment]();
  }
}

beforeAll(async () => {
  const tls = await selfSignedCertificate({ validTo: new Date(now + 10 * day) });
  simulator = await startSimulator({
    ...{ users: 40, buckets: 160, tls, hugeCounters: false },
    ...{ usage: 2 * 24 * 14, usageServices: 2, usagePeriodSeconds: 3600, usageItems: 6 },
  });
  const emails = [...simulator.state.users.byId.values()].map(({ email }) => email);
  whmcs = await startWhmcsSimulator({ clients: emails.length, emails });
  console_ = await TestConsole.start();
  vi.useFakeTimers({ toFake: ['Date'], now: when.first });
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  ({ id: connectionId } = await console_.call('connections.save', {
    ...{ name: 'Lab', endpoint, accessKeyId, secretKey, environment: 'lab' },
    tls: { fingerprint256: tls.fingerprint256 },
  }));
  await refresh();
  // whatever the disk of the machine that runs this has left is too little
  const thresholds = {
    ...{ keyAgeDays: 30, dormantDays: 10, freePercent: 100 },
    cancellationDays: 1,
  };
  await console_.call('signals.setThresholds', { connectionId, ...thresholds });
  await live();
});
afterAll(async () => {
  vi.useRealTimers();
  await console_?.end();
  await Promise.all([simulator?.stop(), whmcs?.stop()]);
});

describe('every kind of signal', () => {
  it.each(signalKinds)('%s comes of its cause', (kind) => {
    expect(found.get(kind)?.length).toBeGreaterThan(0);
    for (const { evidence, page, title } of found.get(kind) ?? []) {
      expect(evidence.filter((sentence) => !sentence.endsWith('.'))).toEqual([]);
      expect([page, title]).not.toContain('');
    }
  });

  it.each(signalKinds)('%s has a fix', (kind) => {
    const started = ['usage.collect', 'operations.recheck', 'sync.refresh'];
    const dialogs = ['archive.backup', 'pressure.putBack', 'campaigns.start'];
    dialogs.push('signals.setThresholds');
    const pages =
      /^(users|buckets|usage|journal|changes|campaigns|customers|keys)\b|^\/connections\/.*\?test$|^\/settings#archives$/;
    for (const { page, action, alternatives = [] } of found.get(kind) ?? []) {
      expect(page).toMatch(pages);
      expect(action).toBeDefined();
      for (const { operation, page: to = page } of [...(action ? [action] : []), ...alternatives]) {
        expect(to).toMatch(pages);
        if (operation) expect([...previewed, ...started, ...dialogs]).toContain(operation);
      }
    }
  });

  it('prepares changes that their preview accepts', () => {
    expect(previews.filter(([, , failed]) => failed !== '')).toEqual([]);
    expect(previews.map(([kind, operation]) => `${kind} ${operation}`)).toEqual(
      expect.arrayContaining([
        ...['quota quotas.set', 'days-to-full quotas.set', 'rate-limit limits.set'],
        ...['rate-limit limits.clear', 'egress limits.set', 'egress users.disable'],
        ...['deletions users.disable', 'dormant-user users.disable', 'disabled-user keys.revoke'],
      ]),
    );
  });

  it('names whom its stage is about', () => {
    const stageOf: Partial<Record<Kind, StageName>> = {
      ...{ quota: 'quota-over', 'days-to-full': 'quota-filling', 'rate-limit': 'rate-limited' },
      ...{ egress: 'egress', deletions: 'deletion-burst', 'dormant-user': 'dormant-user' },
      ...{ 'disabled-user': 'disabled-user', implausible: 'implausible', 'two-keys': 'two-keys' },
      ...{ 'hours-missing': 'hours-missing', 'service-silent': 'silent-gateway' },
    };
    for (const [kind, stage] of Object.entries(stageOf)) {
      const subjects = found.get(kind as Kind)?.map(({ subject }) => subject.id);
      const { userId, serviceId } = staged.get(stage) ?? {};
      expect([kind, subjects]).toEqual([kind, expect.arrayContaining([userId ?? serviceId])]);
    }
  });

  it('counts who pays nothing or is served without an active service, and names what a cancellation waits for', () => {
    const evidence = (kind: Kind) => found.get(kind)?.at(-1)?.evidence;
    expect(evidence('unpaid')).toEqual([expect.stringMatching(/^1 user without a customer store/)]);
    expect(evidence('suspension')?.[0]).toMatch(
      /^1 user of suspended or ended services enabled, with /,
    );
    expect(evidence('cancellations')?.[0]).toMatch(/for \d days?\. Next: disable the users\.$/);
  });

  it('says since when a gateway is silent, however long ago that was', () => {
    const [silent] = found.get('service-silent') ?? [];
    expect(silent?.evidence[0]).toMatch(/^No statistics for 9 days/);
    expect(Math.round((now - Date.parse(silent?.since ?? '')) / day)).toBe(9);
  });

  it.each(signalKinds)('%s has a stage, or is of what no gateway does', (kind) => {
    const own = stageNames.filter((name) => stageSignal(name) === kind);
    expect(own.length > 0).toBe(!(kind in stagedElsewhere));
    expect(own.filter((name) => !staged.has(name))).toEqual([]);
  });

  it('has no stage of another name', () => {
    const named = [...stageNames.map(stageSignal), ...Object.keys(stagedElsewhere)];
    expect(named.toSorted()).toEqual(signalKinds.toSorted());
  });
});
