import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArchive } from '#core/store/archive/archive.ts';
import { statementContent } from '#core/usage/billing/export-statement.ts';
import { makeStatement } from '#core/usage/billing/statement.ts';
import { TariffStore } from '#core/usage/billing/tariff-store.ts';
import { hoursOf } from '#core/usage/coverage/report-period.ts';
import { lineUnits } from '#shared/billing/charges.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { standardTariff } from '#test/fakes/billed-cluster.ts';
import { eventually } from '#test/fakes/eventually.ts';
import { taskResult } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

const period = { from: '2026-10-17T00:00:00Z', to: '2026-10-20T00:00:00Z' };
const tariff = {
  ...standardTariff,
  prices: [
    {
      validFrom: '2026-01-01',
      storedPerGbHour: '0',
      downloadedPerGb: '8',
      uploadedPerGb: '0',
      putPerThousand: '0.5',
      getPerThousand: '0.04',
      listPerThousand: '0.5',
      otherPerThousand: '0',
    },
    {
      validFrom: '2026-10-19T12:00:00Z',
      storedPerGbHour: '0',
      downloadedPerGb: '9.25',
      uploadedPerGb: '1',
      putPerThousand: '0.5',
      getPerThousand: '0.04',
      listPerThousand: '0.5',
      otherPerThousand: '0',
    },
  ],
  free: { ...standardTariff.free, downloadedGb: 1, put: 100 },
  longestSampleGapHours: 24,
};

let simulator: Simulator;
let console_: TestConsole;
let connectionId: string;
const folder = mkdtempSync(join(tmpdir(), 'ostor-billing-'));

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const reader = await connection.runAndReadAll(sql);
  const rows = reader.getRowObjects();
  connection.closeSync();
  return rows;
}

beforeAll(async () => {
  simulator = await startSimulator({
    usage: 600,
    users: 15,
    buckets: 30,
    now: Date.UTC(2026, 9, 20),
  });
  console_ = await TestConsole.start();
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  const connection = await console_.call('connections.save', {
    name: 'Rack 1',
    endpoint,
    accessKeyId,
    secretKey,
    environment: 'lab',
  });
  connectionId = connection.id;
  await taskResult(console_, (await console_.call('usage.collect', { connectionId })).taskId);
});

afterAll(async () => {
  await console_.end();
  await simulator.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What `data.changed` says from now on, until `end`. */
function staleTopics(): { end(): string[] } {
  const topics: string[] = [];
  const unsubscribe = console_.core.events.subscribe(({ name, payload }) => {
    if (name === 'data.changed') topics.push(...payload.topics);
  });
  return {
    end: () => {
      unsubscribe();
      return topics;
    },
  };
}

describe('sizes over time', () => {
  it('are recorded by each refresh', async () => {
    await console_.call('sync.refresh', { connectionId });
    const overview = await console_.call('sync.overview', { connectionId });
    const to = new Date(Date.now() + 3_600_000).toISOString();
    const from = new Date(Date.now() - 3_600_000).toISOString();
    const request = { connectionId, from, to, target: { cluster: true } } as const;
    const history = await eventually(async () => {
      const read = await console_.call('storage.history', request);
      expect(read.density.samples).toBeGreaterThan(0);
      return read;
    });
    expect(history).toMatchObject({
      lastBytes: overview.currentBytes,
      density: { samples: 1, medianGapSeconds: null },
      // One sample bounds no time: what was stored is unknown, not nothing.
      byteHours: null,
    });
    const [user] = overview.largestUsers;
    const target = { user: user?.userId ?? '' };
    const quotaGb = 1_000_000;
    expect(await console_.call('storage.history', { ...request, target, quotaGb })).toMatchObject({
      lastBytes: user?.currentBytes,
      daysToQuota: null,
    });
  });

  it('name users in reports, also those that are gone', async () => {
    const report = await console_.call('usage.report', {
      connectionId,
      ...period,
      groupBy: 'user',
    });
    const named = report.rows.filter(({ email }) => email !== null);
    expect(named.length).toBeGreaterThan(5);
  });
});

describe('a statement', () => {
  it('is the same bytes from the same archive on any machine', async () => {
    const { tariffId } = await console_.call('tariffs.save', { connectionId, tariff });
    const input = { connectionId, tariffId, ...period, format: 'json' as const };
    const first = await console_.call('statements.export', input);
    expect((await console_.call('statements.export', input)).text).toBe(first.text);
    // another machine: the file is copied there and opened by another process's objects
    await console_.call('archive.backup', { connectionId });
    const connections = join(console_.dataDir, 'connections', connectionId);
    const [backup] = readdirSync(join(connections, 'archive-backups'));
    const elsewhere = join(folder, 'elsewhere');
    cpSync(join(connections, 'archive-backups', backup ?? ''), join(elsewhere, 'archive.sqlite'));
    const archive = await openArchive(elsewhere);
    const saved = await new TariffStore(archive).get(tariffId, null);
    const copy = await makeStatement(archive, saved, hoursOf(period), null);
    await archive.close();
    expect(statementContent(copy, 'json')).toBe(first.text);
  });

  it('says its scale, its tariff and what reaches over its ends in each line of its table', async () => {
    const [saved] = await console_.call('tariffs.list', { connectionId });
    const input = { connectionId, tariffId: saved?.tariffId ?? '', ...period };
    const { overlaps = [] } = await console_.call('statements.make', input);
    const { text = '' } = await console_.call('statements.export', { ...input, format: 'csv' });
    const [head = '', first = ''] = text.replace(/^\uFEFF/, '').split('\r\n');
    const names = head.split(',');
    const cells = first.split(',');
    expect(cells[names.indexOf('minor_digits')]).toBe(String(saved?.minorDigits));
    expect(cells[names.indexOf('tariff_name')]).toBe(saved?.name);
    // scripts read columns by place: new ones come last
    expect(names.slice(-3)).toEqual(['overlaps', 'used_units', 'included_units']);
    const [line] = (await console_.call('statements.make', input)).users[0]?.lines ?? [];
    const units = line && lineUnits(line, { gigabyte: saved?.gigabyte ?? 'decimal' });
    expect(cells.slice(-2)).toEqual([units?.used, units?.included]);
    for (const { words } of overlaps) expect(first).toContain(words);
  });

  it('charges each price for its own time, rounds each line once and adds up', async () => {
    const [saved] = await console_.call('tariffs.list', { connectionId });
    const tariffId = saved?.tariffId ?? '';
    const statement = await console_.call('statements.make', { connectionId, tariffId, ...period });
    const downloads = statement.users.flatMap(({ lines }) =>
      lines.filter(({ item }) => item === 'downloaded'),
    );
    expect(new Set(downloads.map(({ price }) => price))).toEqual(new Set(['0.08', '0.0925']));
    const report = await console_.call('usage.report', {
      connectionId,
      ...period,
      groupBy: 'user',
    });
    const sum = (values: (string | number)[]) => values.reduce<bigint>((a, b) => a + BigInt(b), 0n);
    expect(sum(downloads.map(({ quantity }) => quantity))).toBe(BigInt(report.totals.downloaded));
    for (const { lines, amount } of statement.users) {
      expect(sum(lines.map((line) => line.amount))).toBe(BigInt(amount));
    }
    expect(sum(statement.users.map(({ amount }) => amount))).toBe(BigInt(statement.total ?? -1));
    const [line] = downloads;
    const sources = await console_.call('usage.sources', {
      connectionId,
      from: line?.from ?? '',
      to: line?.to ?? '',
      filter: {
        userId: statement.users.find(({ lines }) => lines.includes(line as never))?.userId,
      },
    });
    expect(sources.totals.downloaded).toBe(line?.quantity);
  });

  it('is not called final while something is missing', async () => {
    const [saved] = await console_.call('tariffs.list', { connectionId });
    const early = { connectionId, tariffId: saved?.tariffId ?? '', ...period };
    const draft = await console_.call('statements.make', early);
    expect(draft.state).toBe('draft');
    expect(draft.reasons.join(' ')).toContain('the archive begins');
    const input = { ...early, from: '2026-10-18T00:00:00Z' };
    const whole = await console_.call('statements.make', input);
    expect(whole.state).toBe('final');
    const beyond = { ...input, to: '2026-10-25' };
    expect(await console_.call('statements.make', beyond)).toMatchObject({ state: 'draft' });
    await expect(
      console_.call('statements.make', { ...beyond, requireFinal: true }),
    ).rejects.toMatchObject({ code: 'COVERAGE_INCOMPLETE' });
  });

  it('is final with silent hours once somebody accepted them, and says who', async () => {
    const [saved] = await console_.call('tariffs.list', { connectionId });
    const span = { connectionId, from: '2026-10-18T00:00:00Z', to: '2026-10-20T04:00:00Z' };
    const input = { ...span, tariffId: saved?.tariffId ?? '' };
    const { gaps } = await console_.call('usage.coverage', span);
    const missing = gaps.filter(({ state }) => state === 'missing');
    const reason = 'Racks switched off on the 20th';
    const stretches = missing.map(({ serviceId, from, to }) => ({ serviceId, from, to }));
    const topics = staleTopics();
    const { hours } = await console_.call('usage.acceptGaps', {
      connectionId,
      gaps: stretches,
      reason,
    });
    expect(hours).toBeGreaterThanOrEqual(15);
    expect(topics.end()).toEqual(['usage', 'journal']);
    const final = await console_.call('statements.make', { ...input, requireFinal: true });
    expect(final).toMatchObject({ state: 'final', coverage: { final: true, silentHours: hours } });
    expect(final.coverage.words).toMatch(
      new RegExp(`archived, ${hours} accepted as silent by .+ on \\d{4}-\\d\\d-\\d\\d\\.$`),
    );
    expect(final.coverage.accepted[0]).toMatchObject({ reason });
    await expect(
      console_.call('usage.acceptGaps', { connectionId, gaps: stretches, reason }),
    ).rejects.toMatchObject({ code: 'INPUT_INVALID' });

    for (let periods = 0; periods < 3; periods += 1) simulator.state.usage.advance();
    simulator.state.usage.settle();
    await taskResult(console_, (await console_.call('usage.collect', { connectionId })).taskId);
    const collected = await console_.call('usage.coverage', span);
    expect(collected.summary.silentHours).toBeLessThan(hours);
    expect(collected.summary).toMatchObject({ missingHours: 0, final: true });

    const acceptanceIds = collected.summary.accepted.map(({ acceptanceId }) => acceptanceId);
    await console_.call('usage.withdrawGaps', { connectionId, acceptanceIds });
    expect(await console_.call('statements.make', input)).toMatchObject({ state: 'draft' });
    const journal = await console_.call('journal.list', { connectionId, limit: 10 });
    expect(journal.rows.map(({ operation, ticket }) => [operation, ticket])).toEqual([
      ['usage.withdrawGaps', null],
      ['usage.acceptGaps', reason],
    ]);
    expect(await console_.call('journal.verify', { connectionId })).toMatchObject({ ok: true });
  });

  it('makes what is billed by a tariff stale when it is saved or retired', async () => {
    const topics = staleTopics();
    const { tariffId } = await console_.call('tariffs.save', {
      connectionId,
      tariff: { ...tariff, name: 'Trial' },
    });
    expect(topics.end()).toEqual(['tariffs']);
    const retired = staleTopics();
    await console_.call('tariffs.retire', { connectionId, tariffId });
    expect(retired.end()).toEqual(['tariffs']);
  });

  it('keeps every version of its tariff', async () => {
    const [saved] = await console_.call('tariffs.list', { connectionId });
    const tariffId = saved?.tariffId ?? '';
    const next = { ...tariff, name: 'Standard 2027' };
    await console_.call('tariffs.save', { connectionId, tariffId, tariff: next });
    const versions = await console_.call('tariffs.versions', { connectionId, tariffId });
    expect(versions.map(({ version, name }) => [version, name])).toEqual([
      [1, 'Standard'],
      [2, 'Standard 2027'],
    ]);
    const inYen = { ...next, currency: 'JPY' };
    await expect(
      console_.call('tariffs.save', { connectionId, tariffId, tariff: inYen }),
    ).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('0 decimals'),
    });
    await console_.call('tariffs.retire', { connectionId, tariffId });
    expect(await console_.call('tariffs.list', { connectionId })).toEqual([]);
    const old = { connectionId, tariffId, version: 1, ...period };
    expect(await console_.call('statements.make', old)).toMatchObject({ tariffVersion: 1 });
  });
});

describe('Parquet', () => {
  const sums = ['put', 'get', 'list', 'other', 'uploaded', 'downloaded'];
  const selected = sums.map((name) => `sum("${name}")::VARCHAR AS ${name}`).join(', ');

  function expectSums(row: Record<string, unknown> | undefined, totals: object): void {
    const texts = Object.entries(totals).map(([name, value]) => [name, String(value)]);
    expect(row).toMatchObject(Object.fromEntries(texts));
  }

  it('of the counters, in folders by day, reads back in DuckDB to the same sums', async () => {
    const destination = { to: 'folder' as const, path: join(folder, 'dataset') };
    const input = { connectionId, ...period, destination };
    const { taskId } = await console_.call('usage.exportDataset', input);
    const result = await taskResult(console_, taskId);
    const report = await console_.call('usage.report', { connectionId, ...period, groupBy: 'day' });
    const files = join(folder, 'dataset', '**', '*.parquet');
    const from = `read_parquet('${files}', hive_partitioning = true)`;
    const [row] = await query(`SELECT count(*)::INTEGER AS n, ${selected} FROM ${from}`);
    expectSums(row, report.totals);
    expect(result).toMatchObject({ files: 3, rows: row?.n });
    const days = await query(
      `SELECT connection, year, month, day, ${selected} FROM ${from} GROUP BY ALL ORDER BY ALL`,
    );
    expect(days).toHaveLength(report.rows.length);
    days.forEach((day, index) => {
      const { put, get, list, other, uploaded, downloaded, at } = report.rows[index] ?? {};
      expectSums(day, { put, get, list, other, uploaded, downloaded });
      expect(String(day.connection)).toBe(connectionId);
      expect(Number(day.day)).toBe(Number(at?.slice(8, 10)));
    });
  });

  it('of a report reads back in DuckDB to the same sums', async () => {
    const destination = { to: 'folder' as const, path: folder };
    const input = { connectionId, ...period, groupBy: 'bucket' as const };
    const file = await console_.call('usage.export', { ...input, format: 'parquet', destination });
    const report = await console_.call('usage.report', input);
    const [row] = await query(`SELECT ${selected} FROM read_parquet('${file.writtenTo}')`);
    expectSums(row, report.totals);
  });

  it('goes straight to a bucket by a signed PUT', async () => {
    const bucket = (await console_.call('buckets.list', { connectionId })).rows[0]?.name ?? '';
    const destination = { to: 'bucket' as const, bucket, prefix: 'billing/' };
    const input = { connectionId, ...period, destination };
    const { taskId } = await console_.call('usage.exportDataset', input);
    expect(await taskResult(console_, taskId)).toMatchObject({
      files: 3,
      writtenTo: `${bucket}/billing`,
    });
    const puts = simulator.log.entries.filter(({ method }) => method === 'PUT');
    expect(puts.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(decodeURIComponent(puts[0]?.path ?? '')).toContain(
      `/${bucket}/billing/connection=${connectionId}/year=2026/month=10/day=17/part-0.parquet`,
    );
    // What the bucket received, read by others: the same figures as the report's.
    const received = join(folder, 'received');
    for (const [target, { body }] of simulator.state.objects) {
      const path = join(received, ...target.split('/'));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, body);
    }
    const files = join(received, bucket, 'billing', '**', '*.parquet');
    const from = `read_parquet('${files}', hive_partitioning = true)`;
    const [row] = await query(`SELECT ${selected} FROM ${from}`);
    const report = await console_.call('usage.report', { connectionId, ...period, groupBy: 'day' });
    expectSums(row, report.totals);
    const days = await query(
      `SELECT day, sum(downloaded)::VARCHAR AS downloaded FROM ${from} GROUP BY day ORDER BY day`,
    );
    expect(days.map(({ downloaded }) => downloaded)).toEqual(
      report.rows.map((one) => String(one.downloaded)),
    );
  });
});
