// Serves the console on the loopback interface: prints the address to open, and nothing else, on
// standard output.
import { inRoot } from './lib/paths.js';
import { runNode } from './lib/run.js';
import { command, setUp } from './lib/setup.js';

await command(async (args) => {
  await setUp({ bundle: true });
  return await runNode([inRoot('out', 'main', 'web.js'), ...args]);
});
