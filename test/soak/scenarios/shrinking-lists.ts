import assert from 'node:assert/strict';
import { fetchLists } from '#core/clusters/refresh/sync-state.ts';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import type { MayTakeAway } from '#core/store/snapshot/refresh/taken-away.ts';
import { AppError } from '#shared/errors.ts';
import { CollectBench } from '../collect-bench.ts';
import type { Scenario } from '../soak.ts';

const sort = { by: 'userId', descending: false } as const;

/**
 * Lets the gateway list fewer and fewer users, or none, and all again. Up to half is taken in; more is
 * held back, and what was seen stays as it was, until it is accepted.
 */
export const shrinkingLists: Scenario = async ({ random, directory, times }) => {
  const turns = times(12);
  await using bench = await CollectBench.start({ users: 80, buckets: 40, seed: random.next() });
  const { users } = bench.simulator.state;
  const all = [...users.byId.values()];
  const snapshot = await openSnapshot(directory);
  let [heldBack, accepted, takenIn] = [0, 0, 0];
  const refresh = (mayTakeAway: MayTakeAway) =>
    fetchLists({
      gateway: bench.gateway,
      snapshot,
      signal: new AbortController().signal,
      mayTakeAway,
    });
  const seen = async (): Promise<string[]> => {
    const { rows } = await snapshot.ask('users', { offset: 0, limit: 500, sort });
    return rows.map(({ userId }) => userId).sort();
  };
  try {
    await refresh({ users: 0, buckets: 0 });
    for (let turn = 0; turn < turns; turn += 1) {
      const share = random.below(5) === 0 ? 0 : random.fraction();
      for (const user of all) users.remove(user);
      // The console's own user is a system user, and stays.
      const listed = all.filter(({ system }) => system || random.fraction() < share);
      for (const user of listed) users.put(user);
      const ids = listed.map(({ id }) => id).sort();
      const before = await seen();
      const missing = before.filter((id) => !ids.includes(id)).length;
      const mustHold = missing * 2 > before.length;
      const accepts = mustHold && random.below(3) === 0;
      const outcome = await refresh({ users: accepts ? missing : 0, buckets: 0 }).catch(
        (thrown: unknown) => thrown,
      );
      if (mustHold && !accepts) {
        assert.ok(outcome instanceof AppError, 'a list that lacks more than half was taken in');
        assert.equal(outcome.code, 'REFRESH_HELD_BACK', outcome.message);
        assert.deepEqual(await seen(), before);
        heldBack += 1;
      } else {
        assert.ok(!(outcome instanceof Error), String(outcome));
        assert.deepEqual(await seen(), ids);
        if (accepts) accepted += 1;
        else takenIn += 1;
      }
    }
  } finally {
    await snapshot.close();
  }
  return { turns, 'held back': heldBack, accepted, 'taken in': takenIn };
};
