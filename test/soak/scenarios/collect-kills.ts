import { CollectBench } from '../collect-bench.ts';
import { CollectorProcess } from '../collector-process.ts';
import type { Scenario } from '../soak.ts';

/** Started ahead, since starting takes longer than what is interrupted. */
const ahead = 2;

/** Kills collections with removal at any moment, half of them while they delete. */
export const collectKills: Scenario = async ({ random, directory, times }) => {
  const kills = times(8);
  await using bench = await CollectBench.start({
    usage: times(250),
    latencyMs: 2,
    seed: random.next(),
  });
  const { simulator } = bench;
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  const order = { directory, endpoint, accessKeyId, secretKey };
  const waiting = Array.from({ length: ahead }, () => new CollectorProcess());
  for (let kill = 0; kill < kills; kill += 1) {
    const collector = waiting.shift() ?? new CollectorProcess();
    if (kill + ahead < kills) waiting.push(new CollectorProcess());
    await collector.begin({ ...order, threads: kill % 4 === 0 });
    const whileDeleting = kill % 2 === 1;
    const done = (): number => (whileDeleting ? bench.deleted() : simulator.log.entries).length;
    const point = done() + random.below(whileDeleting ? 24 : 60);
    await collector.killWhen(() => done() >= point, random.below(8));
    bench.assertDeletedAreArchived(directory);
  }
  await Promise.all(waiting.map((collector) => collector.kill()));
  const beforeLast = bench.deleted().length;
  await bench.collectAll(directory);
  await bench.assertTruth(directory);
  return { kills, 'objects deleted between kills': beforeLast, objects: bench.deleted().length };
};
