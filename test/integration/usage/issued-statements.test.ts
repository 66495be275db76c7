import { createHash } from 'node:crypto';
import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '#core/store/archive/file/encodings.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { standardTariff as tariff } from '#test/fakes/billed-cluster.ts';
import { taskResult } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

const period = { from: '2026-10-18T00:00:00Z', to: '2026-10-20T00:00:00Z' };
let simulator: Simulator;
let console_: TestConsole;
let connectionId: string;
let input: { connectionId: string; tariffId: string; from: string; to: string };
let late: string;

async function collect(): Promise<void> {
  const { taskId } = await console_.call('usage.collect', { connectionId });
  await taskResult(console_, taskId);
}

beforeAll(async () => {
  simulator = await startSimulator({ usage: 600, users: 15, now: Date.UTC(2026, 9, 20) });
  const names = simulator.state.usage.names();
  late = names.find((name) => name.includes('2026-10-19T1')) ?? '';
  simulator.state.usage.hide([late]);
  console_ = await TestConsole.start();
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  ({ id: connectionId } = await console_.call('connections.save', {
    name: 'Rack 1',
    endpoint,
    accessKeyId,
    secretKey,
    environment: 'lab',
  }));
  const { tariffId } = await console_.call('tariffs.save', { connectionId, tariff });
  input = { connectionId, tariffId, ...period };
});

afterAll(async () => {
  await console_.end();
  await simulator.stop();
});

describe('a period without data', () => {
  it('has no total, says why, and cannot be issued', async () => {
    expect(await console_.call('statements.make', input)).toMatchObject({
      state: 'no-data',
      total: null,
      users: [],
      unknown: ['traffic', 'stored'],
      reasons: ['No statistics were collected for this period.'],
    });
    const file = await console_.call('statements.export', { ...input, format: 'csv' });
    expect(file.fileName).toContain('no-data');
    const [head, only, ...rest] = (file.text ?? '').trim().split('\r\n');
    expect(head).toContain('item,from,to,quantity');
    expect(only).toMatch(/^no-data,,,,2026-[^,]+,2026-[^,]+,,,,,,,,,2,EUR,/);
    expect(rest).toEqual([]);
    await expect(console_.call('statements.issue', input)).rejects.toMatchObject({
      code: 'COVERAGE_INCOMPLETE',
    });
    expect(await console_.call('statements.issued', { connectionId })).toEqual({
      total: 0,
      rows: [],
    });
  });

  it('is one before the archive begins and after it ends too', async () => {
    await collect();
    for (const days of [
      { from: '2026-08-01', to: '2026-09-01' },
      { from: '2026-11-01', to: '2026-11-02' },
    ]) {
      const statement = await console_.call('statements.make', { ...input, ...days });
      expect(statement).toMatchObject({ state: 'no-data', total: null });
      expect(statement.reasons).not.toEqual([]);
    }
  });

  it('knows traffic without sizes, and the other way round, as not whole', async () => {
    const { unknown, total } = await console_.call('statements.make', input);
    expect(unknown).toEqual(['stored']);
    expect(Number(total)).toBeGreaterThan(0);
  });
});

describe('an issued statement', () => {
  it('is the same one when issued twice, also at once, and keeps its lines', async () => {
    const made = await console_.call('statements.make', input);
    const [one, two] = await Promise.all([
      console_.call('statements.issue', input),
      console_.call('statements.issue', input),
    ]);
    expect(two).toEqual(one);
    expect(await console_.call('statements.issue', input)).toEqual(one);
    expect(one).toMatchObject({
      total: made.total,
      state: made.state,
      issuedBy: userInfo().username,
      corrects: null,
      correctedBy: null,
    });
    expect(one.number).toMatch(/^S-\d{4}-0001$/);
    const kept = await console_.call('statements.get', {
      connectionId,
      statementId: one.statementId,
    });
    expect(kept).toEqual({ issued: one, statement: made });
    const text = canonicalJson(kept.statement);
    expect(createHash('sha256').update(text).digest('hex')).toBe(one.digest);
    const register = await console_.call('statements.issued', { connectionId });
    expect(register.total).toBe(1);
    expect(register.rows[0]?.change).toMatchObject({ changed: false, difference: 0 });
  });

  it('is in the journal with number, digest, period, tariff version, amount, who and when', async () => {
    const [issued] = (await console_.call('statements.issued', { connectionId })).rows;
    const { rows } = await console_.call('journal.list', { connectionId });
    const entry = rows.find(({ operation }) => operation === 'statements.issue');
    expect(entry).toMatchObject({
      title: `Issue statement ${issued?.number}`,
      operator: userInfo().username,
      result: 'done',
      at: issued?.issuedAt,
      after: {
        statement: issued?.number,
        digest: issued?.digest,
        state: issued?.state,
        tariff: 'Standard, version 1',
        period: '2026-10-18T00:00:00.000Z to 2026-10-20T00:00:00.000Z',
        amount: `${(Number(issued?.total) / 100).toFixed(2)} EUR`,
      },
    });
    expect(rows.filter(({ operation }) => operation === 'statements.issue')).toHaveLength(1);
    expect(await console_.call('journal.verify', { connectionId })).toMatchObject({ ok: true });
  });

  it('carries number and state in the name of its file, and its number in each line', async () => {
    const [issued] = (await console_.call('statements.issued', { connectionId })).rows;
    const statementId = issued?.statementId ?? '';
    const file = { connectionId, statementId };
    const csv = await console_.call('statements.exportIssued', { ...file, format: 'csv' });
    expect(csv.fileName).toContain(issued?.number);
    expect(csv.fileName).toContain(`-${issued?.state}.csv`);
    expect(csv.text?.split('\r\n')[1]).toContain(issued?.number);
    const json = await console_.call('statements.exportIssued', { ...file, format: 'json' });
    expect(JSON.parse(json.text ?? '')).toMatchObject({ issued: { number: issued?.number } });
  });

  it('of some users is another one than that of all', async () => {
    const { users } = await console_.call('statements.make', input);
    const user = users.find(({ userId }) => userId !== '');
    const userIds = [user?.userId ?? ''];
    const issued = await console_.call('statements.issue', { ...input, userIds });
    const file = await console_.call('statements.exportIssued', {
      connectionId,
      statementId: issued.statementId,
      format: 'csv',
    });
    expect(file.fileName).toContain(
      `Rack-1-${user?.email || user?.userId}-20261018T0000Z-20261020T0000Z`,
    );
    expect(issued).toMatchObject({ total: user?.amount, users: 1, userIds });
    expect(issued.number).toMatch(/-0002$/);
  });
});

describe('what comes late', () => {
  it('changes no issued statement: the difference is named', async () => {
    const issued = await console_.call('statements.issue', input);
    const { statementId } = issued;
    const unchanged = await console_.call('statements.corrections', { connectionId, statementId });
    expect(unchanged).toMatchObject({
      changed: false,
      words: 'Unchanged since issued.',
      difference: 0,
      corrections: [],
    });
    await expect(
      console_.call('statements.issue', { connectionId, corrects: statementId }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });

    simulator.state.usage.show();
    await collect();
    const now = await console_.call('statements.make', input);
    const difference = Number(now.total) - Number(issued.total);
    expect(difference).toBeGreaterThan(0);
    expect(await console_.call('statements.issue', input)).toEqual(issued);
    const changed = await console_.call('statements.corrections', { connectionId, statementId });
    expect(changed).toMatchObject({
      statementId,
      changed: true,
      difference,
      total: now.total,
      issued: { total: issued.total },
      objects: { late: 1, replaced: 0, gone: 0 },
      objectNames: [{ name: late, change: 'late' }],
    });
    const words = `Changed since issued: +${(difference / 100).toFixed(2)} EUR, 1 late object`;
    expect(changed.words).toContain(words);
    const sum = changed.users.reduce((total, user) => total + Number(user.difference), 0);
    expect(sum).toBe(difference);
    const { rows } = await console_.call('statements.issued', { connectionId });
    expect(rows.find((row) => row.statementId === statementId)?.change).toMatchObject({
      changed: true,
      difference,
      words: changed.words,
    });
  });

  it('is issued as a correction, once, which is then what later changes are compared with', async () => {
    const original = await console_.call('statements.issue', input);
    const { statementId } = original;
    const [one, two] = await Promise.all([
      console_.call('statements.issue', { connectionId, corrects: statementId }),
      console_.call('statements.issue', { connectionId, corrects: statementId }),
    ]);
    expect(two).toEqual(one);
    const now = await console_.call('statements.make', input);
    expect(one).toMatchObject({ corrects: statementId, total: now.total });
    expect(one.number).toMatch(/-0003$/);
    expect(await console_.call('statements.issue', input)).toMatchObject({
      statementId,
      total: original.total,
      correctedBy: one.statementId,
    });
    const after = await console_.call('statements.corrections', { connectionId, statementId });
    expect(after).toMatchObject({ changed: false, issued: one, corrections: [one] });
    const { rows } = await console_.call('statements.issued', { connectionId });
    expect(rows.find((row) => row.statementId === statementId)?.change).toBeNull();
    const journal = await console_.call('journal.list', { connectionId, limit: 5 });
    expect(journal.rows[0]).toMatchObject({
      title: `Issue correction ${one.number}`,
      before: { statement: original.number },
    });
  });

  it('or another version of the tariff is a correction too, never a second statement', async () => {
    const { tariffId } = input;
    const dearer = { ...tariff, prices: [{ ...tariff.prices[0], downloadedPerGb: '900' }] };
    await console_.call('tariffs.save', { connectionId, tariffId, tariff: dearer as never });
    const original = await console_.call('statements.issue', input);
    expect(original.tariffVersion).toBe(1);
    await expect(console_.call('statements.issue', { ...input, version: 2 })).rejects.toMatchObject(
      { code: 'CONFLICT' },
    );
    const corrects = original.statementId;
    const corrected = await console_.call('statements.issue', {
      connectionId,
      corrects,
      version: 2,
    });
    expect(corrected.tariffVersion).toBe(2);
    expect(Number(corrected.total)).toBeGreaterThan(Number(original.total));
  });

  it('leaves the register as it was after a restart', async () => {
    const before = await console_.call('statements.issued', { connectionId });
    await console_.restart();
    expect(await console_.call('statements.issued', { connectionId })).toEqual(before);
  });
});
