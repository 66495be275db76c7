import assert from 'node:assert/strict';
import { endsAt, parseUsageName } from '#core/store/archive/objects/read-object.ts';
import { hour } from '#shared/durations.ts';
import { CollectBench } from '../collect-bench.ts';
import type { Scenario } from '../soak.ts';

/** Lets the local clock jump by hours between and within collections; the gateway's stays right. */
export const clockJumps: Scenario = async ({ random, directory, times }) => {
  const now = Date.now();
  await using bench = await CollectBench.start({ usage: times(60), now, seed: random.next() });
  const jumps = times(5);
  for (let jump = 0; jump < jumps; jump += 1) {
    let ahead = (random.fraction() - 0.5) * 6 * hour;
    const clock = (): number => {
      if (random.fraction() < 0.01) ahead = (random.fraction() - 0.5) * 6 * hour;
      return Math.round(now + ahead);
    };
    await bench.collectOnce(directory, { now: clock });
    for (const name of bench.deleted()) {
      const object = parseUsageName(name, Math.floor(now / 1000));
      assert.ok(object, name);
      assert.ok(endsAt(object.start, object.nominal) * 1000 <= now, `${name} was not over`);
    }
    bench.assertDeletedAreArchived(directory);
  }
  assert.ok(bench.deleted().length > 0, 'nothing was deleted');
  return { jumps, objects: bench.deleted().length };
};
