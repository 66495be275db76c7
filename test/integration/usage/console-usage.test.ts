import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CollectResult } from '#core/usage/collect/collect-options.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { TestConsole } from '#test/fakes/test-console.ts';
import { programPath } from '#test/program-path.ts';

const past = Date.UTC(2026, 9, 20);
const period = { from: '2026-10-01', to: '2026-10-21' };

let simulator: Simulator;
let console_: TestConsole;
let connectionId: string;

async function taskResult(taskId: string): Promise<CollectResult> {
  for (;;) {
    const task = await console_.call('tasks.get', { taskId });
    if (task.state !== 'running') {
      expect(task).toMatchObject({ state: 'succeeded' });
      return task.result as CollectResult;
    }
    await pause(10);
  }
}

beforeAll(async () => {
  simulator = await startSimulator({ usage: 200, users: 12, buckets: 30, now: past });
  console_ = await TestConsole.start();
  const connection = await console_.call('connections.save', {
    name: 'Rack 1',
    endpoint: simulator.url,
    accessKeyId: simulator.accessKeyId,
    secretKey: simulator.secretKey,
    environment: 'lab',
  });
  connectionId = connection.id;
});

afterAll(async () => {
  await console_.end();
  await simulator.stop();
});

describe('usage through the console', () => {
  it('shows the backlog, collects it, and deletes only what is archived', async () => {
    const before = await console_.call('usage.objects', { connectionId, limit: 20 });
    expect(before).toMatchObject({
      total: 200,
      source: 'gateway',
      complete: true,
      backlog: { objects: 200, notArchived: 200, estimatedBytes: null },
    });
    const first = before.rows[0]?.name ?? '';
    expect(await console_.call('usage.object', { connectionId, name: first })).toMatchObject({
      source: 'gateway',
      archived: null,
    });
    const { taskId } = await console_.call('usage.collect', {
      connectionId,
      removeCollected: false,
    });
    await expect(
      console_.call('usage.collect', { connectionId, removeCollected: false }),
    ).rejects.toMatchObject({ code: 'TASK_BUSY' });
    expect(await taskResult(taskId)).toMatchObject({ collected: 200, skipped: 0, failed: 0 });
    expect(await console_.call('usage.object', { connectionId, name: first })).toMatchObject({
      source: 'archive',
      archived: { removedAt: null, settled: true },
    });
    const topics = new Set<string>();
    const unsubscribe = console_.core.events.subscribe(({ name, payload }) => {
      if (name === 'data.changed') for (const topic of payload.topics) topics.add(topic);
    });
    const one = await console_.call('usage.removeObjects', { connectionId, names: [first] });
    expect(await taskResult(one.taskId)).toMatchObject({ removed: 1 });
    unsubscribe();
    // the removal is in the journal: a Journal page that is open has to read it
    expect([...topics]).toEqual(expect.arrayContaining(['usage', 'journal']));
    expect(simulator.state.usage.find(first)).toBeUndefined();
    const rest = await console_.call('usage.removeObjects', { connectionId });
    expect(await taskResult(rest.taskId)).toMatchObject({ removed: 199, collected: 0, failed: 0 });
    expect(simulator.state.usage.names()).toEqual([]);
    const { rows } = await console_.call('journal.list', { connectionId, limit: 10 });
    expect(rows).toMatchObject([
      { operation: 'usage.removeObjects', result: 'verified', error: null },
      { operation: 'usage.removeObjects', result: 'verified' },
    ]);
    expect(rows[0]?.after.statistics).toMatch(/^199 deleted: s3-usage-\S+ to s3-usage-\S+$/);
    expect(rows[1]?.after.statistics).toBe(`1 deleted: ${first}`);
  });

  it('stops deleting when its production cluster is locked, and says so in the journal', async () => {
    const production = await startSimulator({ usage: 60, users: 6, buckets: 6, now: past });
    try {
      const { url: endpoint, accessKeyId, secretKey } = production;
      const { id } = await console_.call('connections.save', {
        name: 'Rack in production',
        endpoint,
        accessKeyId,
        secretKey,
        environment: 'production',
        maxConnections: 1,
      });
      const locked = Promise.withResolvers<void>();
      const match = { method: 'DELETE' };
      production.faults.add({ kind: 'latency', match, skip: 2, until: locked.promise });
      await console_.call('connections.unlock', { id, minutes: 5 });
      const { taskId } = await console_.call('usage.collect', {
        connectionId: id,
        removeCollected: true,
      });
      while (production.log.acted('usage.removed').length < 3) await pause(5);
      await console_.call('connections.lock', { id });
      locked.resolve();
      const result = await taskResult(taskId);
      expect(result).toMatchObject({ collected: 60, failed: 0, removalHeldBack: 'locked' });
      expect(production.state.usage.names()).toHaveLength(60 - result.removed);
      expect(result.removed).toBeLessThan(60);
      const { rows } = await console_.call('journal.list', { connectionId: id, limit: 20 });
      const [entry] = rows.filter(({ operation }) => operation === 'usage.removeObjects');
      expect(entry?.after.statistics).toContain('the connection was locked meanwhile');
    } finally {
      await production.stop();
    }
  });

  it('reports what the simulator did, to the last digit, and says that it is final', async () => {
    const truth = simulator.state.usage.truth('user');
    const report = await console_.call('usage.report', {
      connectionId,
      ...period,
      groupBy: 'user',
    });
    expect(report.total).toBe(truth.size);
    for (const row of report.rows) {
      const { put, get, list, other, uploaded, downloaded } = row;
      const figures = { put, get, list, other, uploaded, downloaded };
      const exact = Object.fromEntries(
        Object.entries(figures).map(([name, value]) => [name, BigInt(value)]),
      );
      expect(exact).toEqual(truth.get(row.userId ?? ''));
    }
    const [sum] = simulator.state.usage.truth().values();
    expect(BigInt(report.totals.downloaded)).toBe(sum?.downloaded);
    // The simulated services stop with the 19th: a day of five services is missing.
    expect(report.coverage).toMatchObject({ state: 'gaps', missingHours: 120, waitingHours: 0 });
    const inside = await console_.call('usage.report', {
      connectionId,
      from: '2026-10-19T06:00:00Z',
      to: '2026-10-19T22:00:00Z',
      groupBy: 'hour',
    });
    expect(inside.rows).toHaveLength(16);
    expect(inside.coverage).toMatchObject({ state: 'final', final: true, coveredHours: 80 });
    expect(inside.coverage.words).toBe('Complete: all 80 gateway hours are archived.');
  });

  it('draws a series without holes, in UTC and in local days', async () => {
    const series = await console_.call('usage.series', { connectionId, ...period });
    expect(series.step).toBe('day');
    expect(series.points).toHaveLength(20);
    const local = await console_.call('usage.series', {
      connectionId,
      ...period,
      timeZone: 'America/New_York',
    });
    const sum = (points: typeof series.points) =>
      points.reduce((total, point) => total + BigInt(point.downloaded), 0n);
    expect(local.points[1]?.at).toBe('2026-10-01T04:00:00.000Z');
    expect(sum(local.points)).toBe(sum(series.points));
  });

  it('exports local days with local dates, their zone, and the zone in the name', async () => {
    const input = {
      connectionId,
      from: '2026-10-09T04:00:00Z',
      to: '2026-10-20T04:00:00Z',
      timeZone: 'America/New_York',
    };
    const days = await console_.call('usage.export', { ...input, groupBy: 'day', format: 'csv' });
    const [head, before, ...lines] = (days.text ?? '').split('\r\n');
    expect(head).toMatch(/^\uFEFF?day,time_zone,begins_utc,put,/);
    expect(before).toMatch(/^2026-10-09,America\/New_York,2026-10-09T04:00:00.000Z,,,,,,,missing$/);
    const [first] = lines.filter((line) => !line.endsWith(',missing'));
    expect(first).toMatch(/^2026-10-1\d,America\/New_York,2026-10-1\dT04:00:00.000Z,\d+/);
    expect(days.fileName).toContain('2026-10-09-2026-10-20-America-New_York');
    const hours = await console_.call('usage.export', { ...input, groupBy: 'hour', format: 'csv' });
    expect(hours.text?.split('\r\n')[1]).toMatch(
      /^2026-10-09T00:00-04:00,America\/New_York,2026-10-09T04:00:00.000Z,,/,
    );
    const json = await console_.call('usage.export', { ...input, groupBy: 'day', format: 'json' });
    expect(JSON.parse(json.text ?? '')).toMatchObject({
      timeZone: 'America/New_York',
      rows: expect.arrayContaining([expect.objectContaining({ localAt: '2026-10-19' })]),
    });
    await expect(
      console_.call('usage.export', {
        ...input,
        timeZone: 'Etc/Nowhere',
        groupBy: 'user',
        format: 'csv',
      }),
    ).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('exports hours of which nothing is known without figures, idle ones with zeros', async () => {
    const day = { connectionId, from: '2026-10-19T20:00:00Z', to: '2026-10-20T04:00:00Z' };
    const asked = { ...day, groupBy: 'hour', filter: { bucket: 'never-used' } } as const;
    const table = async (format: 'csv' | 'json', more: object = {}) =>
      (await console_.call('usage.export', { ...asked, ...more, format })).text ?? '';
    const lines = (await table('csv')).trim().split('\r\n').slice(1);
    expect(lines).toHaveLength(8);
    expect(lines[0]).toBe('2026-10-19T20:00:00.000Z,0,0,0,0,0,0,complete');
    expect(lines[7]).toBe('2026-10-20T03:00:00.000Z,,,,,,,missing');
    const sorted = await table('csv', { sort: { by: 'name', descending: true } });
    expect(sorted.split('\r\n')[1]).toBe(lines[7]);
    const { missing, rows } = JSON.parse(await table('json'));
    expect(rows).toEqual([]);
    expect(missing).toEqual([{ from: '2026-10-20T00:00:00.000Z', to: '2026-10-20T04:00:00.000Z' }]);
    const never = { connectionId, from: '2020-01-01', to: '2020-01-03', groupBy: 'day' } as const;
    const before = await console_.call('usage.export', { ...never, format: 'csv' });
    expect(before.fileName).toMatch(/-no-data\.csv$/);
    expect(before.rows).toBe(2);
    expect(before.text).toContain('2020-01-02T00:00:00.000Z,,,,,,,missing');
  });

  it('leads from a figure to its objects', async () => {
    const report = await console_.call('usage.report', {
      connectionId,
      ...period,
      groupBy: 'bucket',
    });
    const row = report.rows[0];
    const sources = await console_.call('usage.sources', {
      connectionId,
      ...period,
      filter: { bucket: row?.bucket ?? '', epoch: row?.epoch ?? 0 },
    });
    expect(sources.total).toBeGreaterThan(0);
    expect(sources.totals).toMatchObject({ put: row?.put, downloaded: row?.downloaded });
  });

  it('exports what the report says, with formulas defused', async () => {
    const input = { connectionId, ...period, groupBy: 'user' as const };
    const report = await console_.call('usage.report', input);
    const csv = await console_.call('usage.export', { ...input, format: 'csv' });
    const lines = (csv.text ?? '').split('\r\n');
    expect(csv.fileName).toMatch(
      /^usage-by-user-.+-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d-(not-)?final\.csv$/,
    );
    expect(lines).toHaveLength(report.total + 2);
    expect(lines[0]).toBe('\uFEFFuser_id,email,put,get,list,other,uploaded,downloaded');
    const json = await console_.call('usage.export', { ...input, format: 'json' });
    expect(JSON.parse(json.text ?? '')).toMatchObject({ total: report.total, rows: report.rows });
    await expect(
      console_.call('usage.export', {
        ...input,
        format: 'csv',
        requireFinal: true,
        to: '2027-01-01',
      }),
    ).rejects.toMatchObject({ code: 'COVERAGE_INCOMPLETE' });
  });

  it('backs up, restores, and shows the state of the archive', async () => {
    const backup = await console_.call('archive.backup', { connectionId });
    expect(await console_.call('archive.status', { connectionId })).toMatchObject({
      state: 'sound',
      objects: 200,
      newestBackup: backup,
    });
    const restored = await console_.call('archive.restore', {
      connectionId,
      fileName: backup.fileName,
    });
    expect(restored.setAside).toMatch(/-before-restore\.sqlite$/);
    expect(await console_.call('archive.status', { connectionId })).toMatchObject({ objects: 200 });
  });

  it('keeps a schedule over a restart', async () => {
    await console_.call('usage.setSchedule', {
      connectionId,
      everyMinutes: 60,
      removeCollected: true,
    });
    await console_.restart();
    expect(await console_.call('usage.schedule', { connectionId })).toMatchObject({
      everyMinutes: 60,
      removeCollected: true,
    });
    await console_.call('usage.setSchedule', { connectionId, everyMinutes: null });
  });
});

describe('the collector without a window', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ostor-secret-'));
  const secretFile = join(folder, 'secret');

  function run(...args: string[]): Promise<{ status: number; report: Record<string, unknown> }> {
    return new Promise((resolve) => {
      const file = programPath(import.meta.url, '../../../src/collect/main.ts');
      execFile(
        process.execPath,
        [file, '--data-dir', console_.dataDir, ...args],
        (error, stdout) => {
          const status = typeof error?.code === 'number' ? error.code : 0;
          resolve({ status, report: JSON.parse(stdout) as Record<string, unknown> });
        },
      );
    });
  }

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('collects next to a running console and prints one line', async () => {
    const added = simulator.state.usage.advance();
    simulator.state.usage.settle();
    writeFileSync(secretFile, `${simulator.secretKey}\n`, { mode: 0o600 });
    const { status, report } = await run(
      '--connection',
      'Rack 1',
      '--remove',
      '--secret-file',
      secretFile,
    );
    expect(report).toMatchObject({
      ok: true,
      connection: 'Rack 1',
      collected: added.length,
      removed: added.length,
      failed: 0,
    });
    expect(status).toBe(0);
    expect(simulator.state.usage.names()).toEqual([]);
  });

  it('refuses a secret that others can read, and never prints it', async () => {
    writeFileSync(secretFile, simulator.secretKey);
    chmodSync(secretFile, 0o644);
    const { status, report } = await run('--connection', 'Rack 1', '--secret-file', secretFile);
    expect(status).toBe(1);
    expect(report).toMatchObject({ ok: false, error: { code: 'FILE_INVALID' } });
    expect(JSON.stringify(report)).not.toContain(readFileSync(secretFile, 'utf8'));
  });

  it('says in its line and its status what went wrong', async () => {
    expect(await run('--connection', 'Rack 2')).toMatchObject({
      status: 1,
      report: { ok: false, error: { code: 'CONNECTION_NOT_FOUND' } },
    });
    expect(await run()).toMatchObject({ status: 1, report: { error: { code: 'INPUT_INVALID' } } });
  });
});
