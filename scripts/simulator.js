// Runs the gateway simulator alone; prints one JSON line with its address and credentials.
import { inRoot } from './lib/paths.js';
import { runNode } from './lib/run.js';
import { command, setUp } from './lib/setup.js';

await command(async (args) => {
  await setUp();
  return await runNode([inRoot('src', 'simulator', 'main.ts'), ...args]);
});
