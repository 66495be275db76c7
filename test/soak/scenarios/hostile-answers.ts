import { faultKinds } from '#simulator/model/faults.ts';
import { CollectBench } from '../collect-bench.ts';
import type { Scenario } from '../soak.ts';

/** What takes a time-out each has its own tests. */
const quick = faultKinds.filter((kind) => !kind.startsWith('hang'));

/** Lets the gateway, and what is in front of it, answer wrongly in several ways at once. */
export const hostileAnswers: Scenario = async ({ random, directory, times }) => {
  const turns = times(4);
  await using bench = await CollectBench.start({ usage: times(80), seed: random.next() });
  const { simulator } = bench;
  let hits = 0;
  for (let turn = 0; turn < turns; turn += 1) {
    const faults = Array.from({ length: 3 }, () =>
      simulator.faults.add({
        kind: quick[random.below(quick.length)] ?? 'html',
        match: { service: 'ostor-usage' },
        probability: 0.05 + random.fraction() * 0.3,
        count: 40,
        ms: 20,
      }),
    );
    await bench.collectOnce(directory);
    for (const fault of faults) hits += fault.hits;
    simulator.faults.clear();
    bench.assertDeletedAreArchived(directory);
  }
  await bench.collectAll(directory);
  await bench.assertTruth(directory);
  return { turns, 'hostile answers': hits, objects: bench.deleted().length };
};
