import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { CallInput, CallReply } from '#shared/contract/index.ts';
import { operationNames } from '#shared/contract/operations.ts';
import type { ErrorCode } from '#shared/errors.ts';
import {
  doneAllTheSame,
  type OperationFailure,
  refusals,
  unknownOutcomes,
} from '#test/fakes/operation-failures.ts';
import { StandingClock } from '#test/fakes/standing-clock.ts';
import { part, partOf } from '#test/part.ts';
import { type OperationCase, operationCases, timesSent } from './operation-cases.ts';
import { type OperationsBench, openOperationsBench, profile } from './operations-bench.ts';

let bench: OperationsBench;

const cluster = { users: 4, buckets: 4 };

const pinAlarm = { pinned: 'AA', shown: 'BB', at: '2026-11-21T12:03:20.000Z' };

/** Milliseconds for which readings still show the former state. */
const staleFor = 3_600_000;

beforeAll(async () => {
  bench = await openOperationsBench(cluster);
});
afterEach(() => {
  vi.useRealTimers();
  bench.change({
    ...{ readOnly: false, environment: 'lab', hasCredential: true, pinAlarm: undefined },
  } as Parameters<OperationsBench['change']>[0]);
  bench.simulator.faults.clear();
  bench.simulator.log.clear();
  Object.assign(bench.simulator.variants, { errorForm: 'xml-and-header', staleMs: 0 });
});
afterAll(() => bench.close());

function outcome(reply: CallReply): string {
  return reply.ok
    ? `verified ${(reply.value as { verified: boolean }).verified}`
    : reply.error.code;
}

const oneOf = (codes: readonly ErrorCode[]): RegExp => new RegExp(`^(${codes.join('|')})$`);

/** Cases whose call has ended. */
const answered = new WeakSet<OperationCase>();

/** Cases of a third of the operations: each meets ways to fail of each kind, others on the other gateway. */
function casesOf(row: number | null): OperationCase[] {
  const cases = operationCases(bench);
  expect(cases.map(({ operation }) => operation).sort()).toEqual([...operationNames].sort());
  if (row === null) return cases;
  return partOf(cases, row + Number(profile === 'guide'), part(3, 1));
}

/** Runs a fresh case of every operation at once, or of a row's, and says how each ended. */
async function runAll(
  before: (one: OperationCase) => void = () => undefined,
  input: (one: OperationCase) => object = ({ input: own }) => own,
  row: number | null = null,
): Promise<{ one: OperationCase; reply: CallReply }[]> {
  const cases = casesOf(row);
  for (const one of cases) before(one);
  return Promise.all(
    cases.map(async (one) => {
      const reply = await bench.reply(one.operation, input(one));
      answered.add(one);
      return { one, reply };
    }),
  );
}

/** Runs the operations of a row into the same fault of their writes, and checks how they ended. */
async function runInto(
  { fault, row }: { fault: OperationFailure['fault']; row: number | null },
  check: (results: { one: OperationCase; reply: CallReply }[]) => Promise<void>,
): Promise<void> {
  if (fault.kind.startsWith('hang-')) return runIntoTimeOut({ fault, row }, check);
  const add = ({ write: match }: OperationCase) =>
    void bench.simulator.faults.add({ ...fault, match });
  await check(await runAll(add, undefined, row));
}

/** The client's clock stands still until every write hangs at the gateway, however long that takes. */
async function runIntoTimeOut(
  ...[{ fault, row }, check]: Parameters<typeof runInto>
): Promise<void> {
  const patient = bench;
  const timeout = 900;
  // a connection for each: a write that hangs must not keep another one from being sent
  bench = await openOperationsBench(cluster, { timeout, maxConnections: operationNames.length });
  try {
    using clock = new StandingClock();
    const cases: OperationCase[] = [];
    const add = (one: OperationCase): void => {
      bench.simulator.faults.add({ ...fault, match: one.write });
      cases.push(one);
    };
    const running = runAll(add, undefined, row);
    const hangs = (one: OperationCase): boolean =>
      timesSent(bench, one) === 1 && (fault.kind === 'hang-before' || one.done());
    // one that ends without hanging is not waited for: its outcome says what it met
    await clock.elapse(timeout, () => cases.every((one) => hangs(one) || answered.has(one)));
    await check(await running);
  } finally {
    await bench.close();
    bench = patient;
  }
}

function every(results: { one: OperationCase; reply: CallReply }[], value: unknown): object {
  return Object.fromEntries(results.map(({ one }) => [one.operation, value]));
}

function by<Value>(
  results: { one: OperationCase; reply: CallReply }[],
  value: (one: OperationCase, reply: CallReply) => Value,
): Record<string, Value> {
  return Object.fromEntries(results.map(({ one, reply }) => [one.operation, value(one, reply)]));
}

/** The gateway was asked to write once, did or did not do it, and every error says what to do. */
function expectAll(
  results: { one: OperationCase; reply: CallReply }[],
  expected: { ends: string | RegExp; done: boolean; sent: number },
): void {
  const { ends, done, sent } = expected;
  const match = typeof ends === 'string' ? ends : expect.stringMatching(ends);
  expect(by(results, (_one, reply) => outcome(reply))).toEqual(every(results, match));
  expect(by(results, (one) => one.done())).toEqual(every(results, done));
  expect(by(results, (one) => timesSent(bench, one))).toEqual(every(results, sent));
  for (const { reply } of results) {
    if (reply.ok) continue;
    expect(reply.error.hint).not.toBe('');
    expect(reply.error.message).not.toBe('');
  }
}

/** How the newest entry of each operation ended. */
async function journalResults(results: { one: OperationCase }[]): Promise<Record<string, string>> {
  const operations = new Set<string>(results.map(({ one }) => one.operation));
  const { rows } = await bench.call('journal.list', { limit: 1000 });
  const own = rows.filter(({ operation }) => operations.has(operation)).reverse();
  return Object.fromEntries(own.map((row) => [row.operation, row.result]));
}

/** Each with its row; null where its meaning differs by operation, so that all of them are to meet it. */
const inRows = <Failure extends Omit<OperationFailure, 'codes'>>(failures: readonly Failure[]) =>
  failures.map((failure, row) => {
    const { codes = [] } = failure as Partial<OperationFailure>;
    return { ...failure, row: codes.length > 1 ? null : row };
  });

describe('every management operation', () => {
  it('is previewed, sent once, read back and journalled', async () => {
    const cases = operationCases(bench);
    const previews = new Map<OperationCase, { fingerprint: string; requests: unknown[] }>();
    for (const one of cases) {
      const { operation, input } = one;
      const preview = await bench.call('operations.preview', { operation, input });
      expect(preview.unchanged).toBe(false);
      previews.set(one, preview);
    }
    expect(bench.simulator.log.acted()).toHaveLength(0);
    for (const one of cases) {
      const { operation } = one;
      bench.simulator.log.clear();
      const { fingerprint, requests } = previews.get(one) ?? { fingerprint: '', requests: [] };
      const input = { ...one.input, expected: fingerprint, ticket: 'OPS-1' };
      const reply = await bench.reply(one.operation, input);
      expect([one.operation, outcome(reply), one.done()]).toEqual([
        one.operation,
        'verified true',
        true,
      ]);
      // What was previewed is what was sent, to the letter and in this order.
      const sent = bench.simulator.log.entries.map(
        ({ method, path, query }) =>
          `${method} ${bench.simulator.url}${path}${query === '' ? '' : `?${query}`}`,
      );
      const previewed = (requests as { method: string; url: string }[]).map(
        ({ method, url }) => `${method} ${url}`,
      );
      expect([operation, sent]).toEqual([operation, previewed]);
    }
    const filter = { result: 'verified' } as const;
    const { rows } = await bench.call('journal.list', { search: 'OPS-1', filter, limit: 100 });
    expect(rows).toHaveLength(operationNames.length);
    for (const row of rows) {
      expect(row.ticket).toBe('OPS-1');
      expect(row.requestId).toMatch(/^[0-9a-f]{32}$/);
      expect(row.before).not.toEqual(row.after);
    }
    expect(await bench.call('journal.verify', {})).toMatchObject({ ok: true, problems: [] });
  });

  it.each(inRows(refusals))(
    'answered $what is refused, with a code and a hint',
    async ({ codes, ...failure }) => {
      await runInto(failure, async (results) => {
        expectAll(results, { ends: oneOf(codes), done: false, sent: 1 });
        expect(await journalResults(results)).toEqual(every(results, 'refused'));
      });
    },
  );

  it.each(inRows(unknownOutcomes))(
    'without an answer to rely on ($what) and not done is looked for, and not sent again',
    async ({ codes, ...failure }) => {
      await runInto(failure, async (results) => {
        expectAll(results, { ends: oneOf(codes), done: false, sent: 1 });
        for (const { reply } of results) {
          if (!reply.ok) expect(reply.error.details).toMatchObject({ outcome: 'unknown' });
        }
        expect(await journalResults(results)).toEqual(every(results, 'unknown'));
      });
    },
  );

  it.each(inRows(doneAllTheSame))(
    'without an answer to rely on ($what) but done is found by reading, and not sent again',
    async (failure) => {
      await runInto(failure, async (results) => {
        expectAll(results, { ends: 'verified true', done: true, sent: 1 });
        expect(await journalResults(results)).toEqual(every(results, 'verified'));
      });
    },
  );

  it('answered by something that is no gateway is never recorded as done', async () => {
    const results = await runAll(({ write: match }) => {
      bench.simulator.faults.add({ kind: 'foreign-json', match });
    });
    const taken = results.filter(({ reply }) => outcome(reply) === 'verified true');
    expect(taken.map(({ one }) => one.operation)).toEqual([]);
    expect(by(results, (one) => timesSent(bench, one))).toEqual(every(results, 1));
  });

  it.each(
    (['xml-and-header', 'xml', 'header', 'empty', 'json'] as const).map((form, row) => ({
      form,
      row,
    })),
  )('refused with an error body of the form $form has a code and a hint', async ({ form, row }) => {
    bench.simulator.variants.errorForm = form;
    await runInto({ fault: { kind: 'status', status: 400 }, row }, async (results) => {
      expectAll(results, { ends: 'REQUEST_REFUSED', done: false, sent: 1 });
    });
  });

  it('of a target that is not as previewed is stopped with the difference', async () => {
    const cases = operationCases(bench);
    const results = await Promise.all(
      cases.map(async (one) => {
        const { operation, input } = one;
        const preview = await bench.call('operations.preview', { operation, input });
        const seen = JSON.parse(Buffer.from(preview.fingerprint, 'base64url').toString()) as {
          fields: Record<string, string | null>;
        };
        const [field] = Object.keys(seen.fields);
        seen.fields[field ?? ''] = 'what it was then';
        const expected = Buffer.from(JSON.stringify(seen)).toString('base64url');
        return { one, reply: await bench.reply(operation, { ...input, expected }) };
      }),
    );
    expectAll(results, { ends: 'TARGET_CHANGED', done: false, sent: 0 });
    for (const { reply } of results) {
      const details = reply.ok ? {} : (reply.error.details ?? {});
      expect(details.differences).toMatchObject([{ expected: 'what it was then' }]);
    }
  });

  it('on a read-only connection sends no write', async () => {
    bench.change({ readOnly: true });
    const results = await runAll();
    expectAll(results, { ends: 'CONNECTION_READ_ONLY', done: false, sent: 0 });
  });

  it('on a locked production connection sends no write until it is unlocked', async () => {
    bench.change({ environment: 'production' });
    expectAll(await runAll(), { ends: 'CONNECTION_LOCKED', done: false, sent: 0 });
    bench.change({ unlockedUntil: new Date(Date.now() - 1000).toISOString() });
    expectAll(await runAll(), { ends: 'CONNECTION_LOCKED', done: false, sent: 0 });
    bench.change({ unlockedUntil: new Date(Date.now() + 60_000).toISOString() });
    const destructive = /remove|disable|revoke/;
    const results = await runAll();
    for (const { one, reply } of results) {
      const asked = destructive.test(one.operation);
      expect([one.operation, outcome(reply)]).toEqual([
        one.operation,
        asked ? 'CONFIRMATION_REQUIRED' : 'verified true',
      ]);
    }
    const typed = await runAll(undefined, (one) => ({ ...one.input, typedName: one.typedName }));
    expectAll(typed, { ends: 'verified true', done: true, sent: 1 });
  });

  it.each([{ readOnly: true }, { readOnly: true, hasCredential: false }, { pinAlarm }])(
    'can be planned where it is not sent: %o',
    async (held) => {
      const cases = operationCases(bench);
      await bench.refresh();
      bench.change(held);
      bench.simulator.log.clear();
      for (const { operation, input } of cases) {
        const change = { operation, input } as CallInput<'plans.add'>['change'];
        const { added } = await bench.call('plans.add', { name: operation, change });
        expect([operation, added]).toEqual([operation, 1]);
        const sent = await bench.reply(operation, input);
        expect(outcome(sent)).toMatch(/^CONNECTION_READ_ONLY$|^CERTIFICATE_PIN_MISMATCH$/);
      }
      expect(bench.simulator.log.acted()).toHaveLength(0);
      const plans = await bench.call('plans.list', {});
      for (const { planId } of plans) await bench.call('plans.delete', { planId });
      expect(plans).toHaveLength(operationNames.length);
    },
  );

  it('that lags behind is sent, not confirmed; reading again confirms it', async () => {
    const results = await runAll(() => {
      bench.simulator.variants.staleMs = staleFor;
    });
    expectAll(results, { ends: 'verified false', done: true, sent: 1 });
    expect(await journalResults(results)).toEqual(every(results, 'sent'));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + staleFor });
    for (const { one, reply } of results) {
      const { journalId } = (reply.ok ? reply.value : {}) as { journalId: string };
      const checked = await bench.call('operations.recheck', { journalId });
      expect([one.operation, checked.verified]).toEqual([one.operation, true]);
      expect(timesSent(bench, one)).toBe(1);
    }
    expect(await journalResults(results)).toEqual(every(results, 'verified'));
  });

  it('without a gateway ends with "offline", and nothing is sent', async () => {
    const offline = await openOperationsBench(cluster);
    onTestFinished(() => offline.close());
    const cases = operationCases(offline);
    await offline.simulator.stop();
    for (const { operation, input } of cases) {
      const reply = await offline.reply(operation, input);
      expect([operation, outcome(reply)]).toEqual([operation, 'CONNECTION_OFFLINE']);
    }
    expect((await offline.call('journal.list', {})).total).toBe(0);
  });
});
