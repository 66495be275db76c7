// Runs the benchmarks of test/bench, each in a separate process: npm run bench -- [name …]
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { inRoot } from './lib/paths.js';
import { runNode } from './lib/run.js';
import { command, setUp } from './lib/setup.js';

await command(async (args) => {
  await setUp({ bundle: true });
  const files = readdirSync(inRoot('test', 'bench'))
    .filter((file) => file.endsWith('.bench.ts'))
    .sort();
  const chosen = files.filter(
    (file) => args.length === 0 || args.includes(basename(file, '.bench.ts')),
  );
  if (chosen.length === 0) throw new Error(`There is no benchmark named ${args.join(', ')}.`);
  // users' threads start from bundles: to strip types each time a thread starts is no time of theirs
  const env = { NODE_COMPILE_CACHE: inRoot('node_modules', '.cache', 'bench') };
  let status = 0;
  for (const file of chosen)
    status = Math.max(status, await runNode([inRoot('test', 'bench', file)], { env }));
  return status;
});
