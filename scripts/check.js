// Prints what needs attention as JSON, with the exit status that monitoring expects.
import { inRoot } from './lib/paths.js';
import { runNode } from './lib/run.js';
import { command, setUp } from './lib/setup.js';

await command(async (args) => {
  await setUp({ bundle: true });
  return await runNode([inRoot('out', 'main', 'check.js'), ...args]);
});
