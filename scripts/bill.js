// Issues the statements of a month, and drafts their invoices, without a window: for cron.
import { inRoot } from './lib/paths.js';
import { runNode } from './lib/run.js';
import { command, setUp } from './lib/setup.js';

await command(async (args) => {
  await setUp({ bundle: true });
  return await runNode([inRoot('out', 'main', 'bill.js'), ...args]);
});
