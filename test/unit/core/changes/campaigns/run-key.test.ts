import { expect, test, vi } from 'vitest';
import { type KeyWork, runKey } from '#core/changes/campaigns/run-key.ts';
import type { StoredCampaignKey } from '#core/store/archive/queries/key-campaigns.ts';
import { notFound } from '#shared/errors.ts';

const oldAccessKeyId = '0000000000000001OLD1';
const newAccessKeyId = '0000000000000001NEW1';

function campaignKey(update: Partial<StoredCampaignKey>): StoredCampaignKey {
  return {
    ...{ row: 1, userId: '0000000000000001', email: 'a@example.com', accountName: null },
    ...{ oldAccessKeyId, oldFirstSeen: '2026-01-01T00:00:00.000Z', newAccessKeyId, before: null },
    ...{ state: 'in-use', reason: null, hint: null, changedBy: 'olga', unclearSince: null },
    changedAt: '2026-01-01T00:00:00.000Z',
    ...update,
  };
}

/**
 * What a key is worked on with.
 * @param held the keys its user has; null where there is no such user
 * @param isWritten whether the key is on record as expected
 */
function work(held: string[] | null, isWritten = true) {
  const send = vi.fn();
  const write = vi.fn(async (_name: string, _change: object) => isWritten);
  const close = vi.fn();
  const user = async (userId: string) => {
    if (held === null) throw notFound('No such user.', 'Refresh.');
    return { user: { userId, accessKeyIds: held, accounts: [] } };
  };
  const context = { reader: { user }, caller: { accessKeyId: 'ffffffffffffffffOWN1' } };
  const entry = { result: 'unknown', runId: null, journalId: 'entry-1' };
  const given = {
    ...{ connectionId: 'rack-1', campaignId: 'autumn', ticket: 'OPS-7', by: 'olga' },
    engine: {
      contextOf: async () => context,
      run: send,
      journal: { intent: async () => ({ input: {} }), close },
    },
    journal: { list: async () => ({ rows: [entry] }) },
    archive: { write },
    signal: new AbortController().signal,
  };
  const written = () => write.mock.calls.map(([, change]) => change);
  return { work: given as unknown as KeyWork, send, written, close };
}

test('sends nothing for a key whose record somebody else changed', async () => {
  const revoking = work([oldAccessKeyId, newAccessKeyId], false);
  expect(await runKey(revoking.work, 'revoke', campaignKey({}))).toBe(false);
  const generating = work([oldAccessKeyId], false);
  const todo = campaignKey({ state: 'todo', newAccessKeyId: null });
  expect(await runKey(generating.work, 'generate', todo)).toBe(false);
  expect([revoking.send, generating.send].flatMap(({ mock }) => mock.calls)).toEqual([]);
});

test('a key that was unclear has failed once its user is gone', async () => {
  const { work: given, written } = work(null);
  const key = campaignKey({ state: 'generating', newAccessKeyId: null, before: [oldAccessKeyId] });
  expect(await runKey(given, 'generate', key)).toBe(false);
  expect(written()).toMatchObject([{ from: 'generating', state: 'failed' }]);
});

test('a revocation that was unclear has failed once the new key is gone', async () => {
  const { work: given, send, written, close } = work([oldAccessKeyId]);
  expect(await runKey(given, 'revoke', campaignKey({ state: 'revoking' }))).toBe(false);
  expect(written()).toMatchObject([{ from: 'revoking', state: 'failed', newAccessKeyId: null }]);
  // the journal hears that the earlier request did not happen
  expect(close).toHaveBeenCalledWith(
    'rack-1',
    'entry-1',
    expect.objectContaining({ result: 'refused' }),
  );
  expect(send).not.toHaveBeenCalled();
});
