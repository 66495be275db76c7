import { randomBytes } from 'node:crypto';
import { appendFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CollectBench } from '../collect-bench.ts';
import { CollectorProcess } from '../collector-process.ts';
import type { Scenario } from '../soak.ts';

/** Kills collections and leaves behind a log with half a frame, as a crash within a write does. */
export const tornLogs: Scenario = async ({ random, directory, times }) => {
  const tears = times(3);
  await using bench = await CollectBench.start({
    usage: times(120),
    latencyMs: 2,
    seed: random.next(),
  });
  const { url: endpoint, accessKeyId, secretKey } = bench.simulator;
  let torn = 0;
  for (let tear = 0; tear < tears; tear += 1) {
    const collector = new CollectorProcess();
    await collector.begin({ directory, endpoint, accessKeyId, secretKey, threads: true });
    const point = bench.deleted().length + 1 + random.below(20);
    await collector.killWhen(() => bench.deleted().length >= point, random.below(5));
    for (const name of await readdir(directory)) {
      if (!name.endsWith('-wal')) continue;
      await appendFile(join(directory, name), randomBytes(1 + random.below(5000)));
      torn += 1;
    }
  }
  await bench.collectAll(directory);
  await bench.assertTruth(directory);
  return { tears, 'logs torn': torn, objects: bench.deleted().length };
};
