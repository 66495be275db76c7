import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type OperationsBench, openOperationsBench } from './operations-bench.ts';

let bench: OperationsBench;

beforeAll(async () => {
  bench = await openOperationsBench({ users: 4, buckets: 0 });
});
afterEach(() => {
  bench.simulator.faults.clear();
  bench.simulator.log.clear();
});
afterAll(() => bench.close());

describe('a pair whose answer was lost', () => {
  type Made = { userId: string; accountName?: string };

  /** Sends it so that the gateway acts, its answer is lost, and reading back fails. */
  async function lost(
    operation: 'users.create' | 'accounts.create' | 'keys.generate' | 'keys.rotate',
    input: object,
  ): Promise<string> {
    const { faults, log } = bench.simulator;
    log.clear();
    await bench.call('operations.preview', { operation, input: { ...input } });
    const match = { method: 'GET', service: 'ostor-users' };
    // As many readings as the preview took pass once more; those after the write fail.
    const skip = log.entries.filter(({ service }) => service === match.service).length;
    faults.add({ kind: 'status', status: 500, match, skip });
    const method = operation === 'users.create' ? 'PUT' : 'POST';
    faults.add({ kind: 'reset-after', match: { method } });
    const reply = await bench.reply(operation, input);
    faults.clear();
    expect(reply).toMatchObject({ ok: false, error: { details: { outcome: 'unknown' } } });
    return reply.ok ? '' : String(reply.error.details?.journalId);
  }

  async function found(journalId: string, holder: Made): Promise<void> {
    const { verified, madePair } = await bench.call('operations.recheck', { journalId });
    expect({ verified, madePair }).toMatchObject({ verified: true, madePair: holder });
    if (!madePair) throw new Error('The pair was not found.');
    const pair = await bench.call('keys.reveal', madePair);
    expect(pair.secretAccessKey).toBe(bench.simulator.state.users.secretOf(madePair.accessKeyId));
    expect(bench.simulator.log.acted()).toHaveLength(1);
  }

  it('is named by a later reading, so that it can be revealed at once', async () => {
    const created = await lost('users.create', { email: 'lost@example.com' });
    const { rows } = await bench.call('journal.list', { filter: { journalId: created } });
    expect(rows[0]?.result).toBe('unknown');
    const [user] = [...bench.simulator.state.users.byId.values()].filter(
      ({ email }) => email === 'lost@example.com',
    );
    const userId = user?.id ?? '';
    await found(created, { userId });
    const snapshot = await (await bench.clusters.get('lab')).snapshot();
    expect((await snapshot.ask('user', userId))?.email).toBe('lost@example.com');
    for (const [operation, more] of [
      ['keys.generate', {}],
      ['accounts.create', { accountName: 'backup' }],
      ['keys.generate', { accountName: 'backup' }],
    ] as const) {
      await found(await lost(operation, { userId, ...more }), { userId, ...more });
    }
  });

  it('that came since is not guessed where two came', async () => {
    const { userId } = await bench.call('users.create', { email: 'two@example.com' });
    const { key } = await bench.call('accounts.create', { userId, accountName: 'a' });
    await bench.call('keys.revoke', {
      userId,
      accountName: 'a',
      accessKeyId: key?.accessKeyId ?? '',
    });
    const journalId = await lost('keys.generate', { userId, accountName: 'a' });
    await bench.call('keys.generate', { userId, accountName: 'a' });
    expect(await bench.call('operations.recheck', { journalId })).not.toHaveProperty('madePair');
  });
});
