// Repeats kills, full disks, clock jumps and hostile answers until its time is up: nothing may be lost.
import { inRoot } from './lib/paths.js';
import { runNode } from './lib/run.js';
import { command, setUp } from './lib/setup.js';

await command(async (args) => {
  await setUp();
  process.env.NODE_COMPILE_CACHE ??= inRoot('node_modules', '.cache', 'compiled');
  return await runNode([inRoot('test', 'soak', 'main.ts'), ...args]);
});
