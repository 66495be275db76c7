import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import {
  type AddressInfo,
  createServer as createSocketServer,
  type Server as SocketServer,
} from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemorySecretStore } from '#core/clusters/secrets/secret-store.ts';
import { forGood } from '#shared/contract/signals.ts';
import { startSimulator } from '#simulator/index.ts';
import { TestConsole } from '#test/fakes/test-console.ts';
import { programPath } from '#test/program-path.ts';
import { checkOnce } from '../../src/collect/check-once.ts';
import { readCheckOptions } from '../../src/collect/options.ts';

const longAway = new Date(Date.now() + 86_400_000).toISOString();

describe('signals of a console', () => {
  let simulator: Awaited<ReturnType<typeof startSimulator>>;
  let console: TestConsole;
  let secrets: MemorySecretStore;
  let connectionId: string;
  let userId: string;

  beforeEach(async () => {
    simulator = await startSimulator({ users: 4, buckets: 8 });
    secrets = new MemorySecretStore();
    console = await TestConsole.start({ secretStore: secrets });
    const { url, accessKeyId, secretKey } = simulator;
    const saved = await console.call('connections.save', {
      ...{ name: 'Lab', endpoint: url, accessKeyId, secretKey, environment: 'lab' },
    });
    connectionId = saved.id;
    await console.call('sync.refresh', { connectionId });
    const { rows } = await console.call('users.list', {
      connectionId,
      sort: { by: 'currentBytes', descending: true },
    });
    userId = rows[0]?.userId ?? '';
  });
  afterEach(async () => {
    await console.end();
    await simulator.stop();
  });

  const setQuota = (sizeGb: string) =>
    console.call('quotas.set', { connectionId, target: { user: userId }, sizeGb });
  /** A quota of which 95 % are used. */
  const setQuotaNear = async () => {
    const { rows } = await console.call('users.list', { connectionId, filter: {} });
    const bytes = Number(rows.find((row) => row.userId === userId)?.currentBytes);
    await setQuota(String(Math.ceil(bytes / 1e9 / 0.95)));
  };
  const quotas = () => console.call('signals.list', { filter: { kind: 'quota' } });

  it('needs no file of customers where there are none', async () => {
    const made = () => existsSync(join(console.dataDir, 'customers.sqlite'));
    expect((await quotas()).rows).toEqual([]);
    await console.call('pressure.list', { connectionId, of: 'user', offset: 0, limit: 10 });
    expect(await console.call('billing.list', {})).toEqual([]);
    expect(made()).toBe(false);
    await console.call('customers.list', { offset: 0, limit: 10 });
    expect(made()).toBe(true);
    expect((await quotas()).rows).toEqual([]);
  });

  it('concludes nothing from a cluster of which nothing was read yet', async () => {
    const { url: endpoint, accessKeyId, secretKey } = simulator;
    const keys = { accessKeyId, secretKey, environment: 'lab' } as const;
    await console.call('connections.save', { name: 'New', endpoint, ...keys });
    const { incomplete } = await console.call('signals.list', {});
    expect(incomplete.map(({ reason }) => reason)).toEqual([expect.stringMatching(/^Users and/)]);
  });

  it('appears with its cause, can be previewed away, and goes with it', async () => {
    expect((await quotas()).rows).toEqual([]);
    await setQuota('1');
    const { rows, counts } = await quotas();
    expect(rows).toMatchObject([
      { kind: 'quota', severity: 'critical', subject: { id: userId }, connectionName: 'Lab' },
    ]);
    expect(counts.critical).toBe(1);
    const action = rows[0]?.action;
    const input = { connectionId, ...action?.input };
    const preview = await console.call('operations.preview', {
      ...{ connectionId, operation: action?.operation as 'quotas.set', input: input as never },
    });
    expect(preview.target.id).toBe(userId);
    await setQuota(String(action?.input?.sizeGb));
    expect((await quotas()).rows).toEqual([]);
  });

  it('is found by text and kind, among the kinds there are', async () => {
    await setQuota('1');
    const list = (filter: object) => console.call('signals.list', { filter });
    const { rows, kinds, asOf } = await list({ search: ' QUOTA reached' });
    expect(rows).toMatchObject([{ kind: 'quota' }]);
    expect(kinds).toEqual([{ kind: 'quota', title: 'Quota reached or near', signals: 1 }]);
    expect(Date.parse(asOf ?? '')).toBeLessThanOrEqual(Date.now());
    expect((await list({ search: 'no such words' })).total).toBe(0);
    const other = await list({ kind: 'backup' });
    expect([other.total, other.kinds]).toEqual([0, kinds]);
  });

  it('is snoozed with a reason, counted, on record, and back afterwards', async () => {
    await setQuota('1');
    const signalId = (await quotas()).rows[0]?.signalId ?? '';
    await expect(
      console.call('signals.snooze', { signalId, until: longAway }),
    ).rejects.toMatchObject({ code: 'INPUT_INVALID', message: 'A snooze needs a reason.' });
    await console.call('signals.snooze', { signalId, until: longAway, reason: 'Ordered more' });
    expect(await quotas()).toMatchObject({ total: 0, snoozed: 1, counts: { critical: 0 } });
    const muted = { filter: { kind: 'quota', snoozed: true } } as const;
    expect((await console.call('signals.list', muted)).rows).toMatchObject([
      { snoozed: { reason: 'Ordered more' } },
    ]);
    await console.restart();
    expect((await quotas()).total).toBe(0);
    await console.call('signals.snooze', { signalId, until: null });
    expect((await quotas()).total).toBe(1);
    const journal = await console.call('journal.list', { connectionId });
    expect(journal.rows.slice(0, 2).map(({ title }) => title)).toEqual([
      'End snooze',
      'Snooze signal',
    ]);
    expect(journal.rows[1]?.after).toMatchObject({
      reason: 'Ordered more',
      snoozedUntil: longAway,
    });
  });

  it('comes back once it is more severe than it was when it was snoozed', async () => {
    await setQuotaNear();
    const [warned] = (await quotas()).rows;
    expect(warned?.severity).toBe('warning');
    const signalId = warned?.signalId ?? '';
    await console.call('signals.snooze', { signalId, until: longAway, reason: 'Known' });
    expect(await quotas()).toMatchObject({ total: 0, snoozed: 1 });
    await setQuota('1');
    expect(await quotas()).toMatchObject({
      total: 1,
      snoozed: 0,
      rows: [{ severity: 'critical', snoozed: { severity: 'warning', overtaken: true } }],
    });
    const [glance] = await console.call('signals.clusters', {});
    expect(glance).toMatchObject({ snoozed: 0, signals: { critical: 1 } });
  });

  it('of what happened can be snoozed for good, and comes back where it happens again', async () => {
    const thresholds = await console.call('signals.thresholds', { connectionId });
    const workFrom = (new Date().getHours() + 2) % 24;
    const shift = { workFrom, workTo: workFrom + 1 };
    await console.call('signals.setThresholds', { connectionId, ...thresholds, ...shift });
    const { keys } = await console.call('users.get', { connectionId, userId });
    const accessKeyId = keys[0]?.accessKeyId ?? '';
    const reveal = () => console.call('keys.reveal', { connectionId, userId, accessKeyId });
    const reveals = () => console.call('signals.list', { filter: { kind: 'reveal-hours' } });
    await reveal();
    const { rows } = await reveals();
    expect(rows).toMatchObject([{ evidence: [expect.stringContaining('1 secret key')] }]);
    const input = { signalId: rows[0]?.signalId ?? '', until: forGood, reason: 'On call' };
    await console.call('signals.snooze', input);
    expect(await reveals()).toMatchObject({ total: 0, snoozed: 1 });
    await reveal();
    expect(await reveals()).toMatchObject({
      ...{ total: 1, snoozed: 0 },
      rows: [{ severity: 'information', snoozed: { severity: 'information', overtaken: true } }],
    });
    await console.call('signals.snooze', input);
    await console.restart();
    expect(await reveals()).toMatchObject({ total: 0, snoozed: 1 });
    const journal = await console.call('journal.list', { connectionId });
    expect(journal.rows[0]?.after).toMatchObject({ snoozedUntil: 'for good' });
  });

  it('is back for good once it was more severe, and at once where it is already', async () => {
    const { rows } = await console.call('users.list', { connectionId, filter: {} });
    const bytes = Number(rows.find((row) => row.userId === userId)?.currentBytes);
    const nearlyFull = String(Math.ceil(bytes / 1e9 / 0.95));
    const snooze = async (severity: 'warning' | 'critical') => {
      const signalId = (await quotas()).rows[0]?.signalId ?? '';
      const input = { signalId, until: longAway, reason: 'Known', severity };
      return (await console.call('signals.snooze', input)).snoozed;
    };
    await setQuota(nearlyFull);
    await snooze('warning');
    await setQuota('1');
    expect((await quotas()).total).toBe(1);
    await setQuota(nearlyFull);
    const warned = { rows: [{ severity: 'warning', snoozed: { overtaken: true } }] };
    expect(await quotas()).toMatchObject({ total: 1, snoozed: 0, ...warned });
    await console.restart();
    expect(await quotas()).toMatchObject(warned);
    // snoozed again, as more severe than it is, and as less severe than it became since it was shown
    expect(await snooze('critical')).toMatchObject({ severity: 'warning' });
    expect(await quotas()).toMatchObject({ total: 0, snoozed: 1 });
    await setQuota('1');
    expect(await snooze('warning')).toMatchObject({ severity: 'warning' });
    expect(await quotas()).toMatchObject({ total: 1, rows: [{ severity: 'critical' }] });
    expect(await snooze('critical')).toMatchObject({ severity: 'critical' });
    expect((await quotas()).total).toBe(0);
  });

  it('follows the thresholds of its cluster, which are on record', async () => {
    const { rows } = await console.call('users.list', { connectionId, filter: {} });
    const bytes = Number(rows.find((row) => row.userId === userId)?.currentBytes);
    await setQuota(String(Math.ceil(bytes / 1e9 / 0.5)));
    expect((await quotas()).total).toBe(0);
    const set = await console.call('signals.setThresholds', { connectionId, quotaPercent: 40 });
    expect(set).toMatchObject({ quotaPercent: 40, certificateDays: 30 });
    expect((await quotas()).total).toBe(1);
    const journal = await console.call('journal.list', { connectionId, limit: 1 });
    expect(journal.rows[0]).toMatchObject({
      operation: 'signals.setThresholds',
      before: { thresholds: 'quotaPercent 80' },
      after: { thresholds: 'quotaPercent 40' },
    });
  });

  it('tells clusters at a glance, also while the gateway is away', async () => {
    await setQuota('1');
    await simulator.stop();
    await expect(console.call('sync.refresh', { connectionId })).rejects.toThrow();
    const [glance] = await console.call('signals.clusters', {});
    expect(glance).toMatchObject({ name: 'Lab', state: 'offline', buckets: 8, growthBytes: null });
    expect(Number(glance?.bytes)).toBeGreaterThan(0);
    expect(glance?.signals).toMatchObject({ critical: 1, warning: 1 });
    const { rows } = await console.call('signals.list', { connectionId });
    expect(rows.map(({ kind }) => kind)).toEqual(['quota', 'unreachable']);
  });

  it('is checked for monitoring: exit status and the same as JSON', async () => {
    const check = (args: string[]) =>
      checkOnce(console.core, readCheckOptions(args), new AbortController().signal);
    expect(await check([])).toMatchObject({ exitStatus: 0, report: { status: 'OK', signals: [] } });
    await setQuota('1');
    const { exitStatus, report } = await check(['--connection', 'Lab']);
    expect([exitStatus, report.status]).toEqual([2, 'CRITICAL']);
    expect(report.signals).toEqual((await quotas()).rows);
    expect(report.clusters).toMatchObject([{ name: 'Lab', signals: { critical: 1 } }]);
    // nowhere to send it to: the findings are reported all the same
    const unsent = await check(['--connection', 'Lab', '--digest']);
    expect(unsent).toMatchObject({ exitStatus: 2, report: { status: 'CRITICAL' } });
    expect(unsent.report.digestError?.message).toBeTruthy();
    await expect(check(['--connection', 'Elsewhere'])).rejects.toMatchObject({
      ...{ code: 'CONNECTION_NOT_FOUND', hint: 'Name one of these: Lab.' },
    });
    // where nothing is looked at, nothing is known to be well
    await console.call('connections.remove', { id: connectionId });
    await expect(check([])).rejects.toMatchObject({ code: 'CONNECTION_NOT_FOUND' });
  });

  it('ends the command with the status that monitoring knows it by', async () => {
    await setQuotaNear();
    await console.core.close();
    const program = programPath(import.meta.url, '../../src/collect/check-main.ts');
    const run = async (connection: string) => {
      const args = [program, '--data-dir', console.dataDir, '--connection', connection];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
      const [output, [status]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
      return { status, report: JSON.parse(output) };
    };
    expect(await run('Lab')).toMatchObject({
      ...{ status: 1, report: { ok: false, status: 'WARNING', signals: [{ kind: 'quota' }] } },
    });
    expect(await run('Elsewhere')).toMatchObject({
      ...{ status: 3, report: { ok: false, error: { code: 'CONNECTION_NOT_FOUND' } } },
    });
  });

  it('is posted to a webhook, its token from the keychain', async () => {
    const posts: { headers: IncomingHttpHeaders; body: string }[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      posts.push({ headers: request.headers, body });
      response.statusCode = posts.length === 1 ? 204 : 500;
      response.end();
    });
    const url = `http://127.0.0.1:${await listening(server)}/hooks/1?a=b`;
    try {
      await setQuota('1');
      const secret = 'hook-token-1';
      const saved = await console.call('signals.setDigest', { kind: 'webhook', url, secret });
      // the store of this test is one of memory: that is said, and that it is gone with the session
      expect(saved).toEqual({ kind: 'webhook', url, hasSecret: true, secretIn: 'memory' });
      await console.restart();
      const sent = await console.call('signals.sendDigest', {});
      expect(sent).toMatchObject({ signals: 1 });
      expect(posts[0]?.headers.authorization).toBe(`Bearer ${secret}`);
      const body = JSON.parse(posts[0]?.body ?? '');
      expect(body.text).toMatch(/^1 critical .*\n\nCRITICAL {2}Lab {2}Quota reached or near: /);
      expect(body.signals).toHaveLength(1);
      await expect(console.call('signals.sendDigest', {})).rejects.toMatchObject({
        code: 'REQUEST_REFUSED',
      });
      // another server does not get this one's token
      const other = await console.call('signals.setDigest', {
        kind: 'webhook',
        url: 'https://other.example.com/',
      });
      expect(other?.hasSecret).toBe(false);
      await console.call('signals.setDigest', { kind: 'webhook', url, secret });
      // as when the session it was entered in has ended
      await secrets.remove('signals-digest');
      expect(await console.call('signals.digest', {})).toMatchObject({ secretIn: 'gone' });
      await expect(console.call('signals.sendDigest', {})).rejects.toMatchObject({
        code: 'CREDENTIAL_MISSING',
      });
    } finally {
      server.close();
    }
  });

  it('refuses a token that would cross the network in clear', async () => {
    const digest = { kind: 'webhook', url: 'http://hooks.example.com/1', secret: 'token' } as const;
    await expect(console.call('signals.setDigest', digest)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      hint: 'Use an https:// address.',
    });
    expect(await console.call('signals.digest', {})).toBeNull();
  });

  it('is mailed with the password of the mail server', async () => {
    const mail = new MailServer();
    const port = await listening(mail.server);
    try {
      const input = {
        kind: 'smtp',
        url: `smtp://127.0.0.1:${port}`,
        username: 'olga',
        secret: 'mail-pass-1',
        ...{ from: 'console@example.com', to: 'ops@example.com' },
      } as const;
      await console.call('signals.setDigest', input);
      await setQuota('1');
      expect(await console.call('signals.sendDigest', {})).toEqual({
        signals: 1,
        sentTo: 'ops@example.com',
      });
      expect(mail.commands).toContain('RCPT TO:<ops@example.com>');
      expect(mail.credential).toBe('\0olga\0mail-pass-1');
      expect(mail.data).toMatch(/Subject: \[Ostor Console\] 1 critical/);
      expect(mail.data.replaceAll('=\n', '')).toContain('Quota reached or near');
      await console.call('signals.removeDigest', {});
      await expect(console.call('signals.sendDigest', {})).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    } finally {
      mail.server.close();
    }
  });
});

async function listening(server: Server | SocketServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Speaks as much SMTP as one mail needs. */
class MailServer {
  readonly commands: string[] = [];
  data = '';
  credential = '';
  readonly server = createSocketServer((socket) => {
    let inData = false;
    let rest = '';
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    say('220 mail ready');
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const lines = `${rest}${chunk.toString('utf8')}`.split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (inData) {
          if (line !== '.') this.data += `${line}\n`;
          else {
            inData = false;
            say('250 taken');
          }
          continue;
        }
        this.commands.push(line);
        if (line.startsWith('EHLO')) say('250-mail\r\n250 AUTH PLAIN');
        else if (line.startsWith('AUTH PLAIN ')) {
          this.credential = Buffer.from(line.slice(11), 'base64').toString('utf8');
          say('235 welcome');
        } else if (line === 'DATA') {
          inData = true;
          say('354 go ahead');
        } else say(line === 'QUIT' ? '221 bye' : '250 ok');
      }
    });
  });
}
