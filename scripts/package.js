// Builds the packages for the system it runs on into dist/.
import { writeFileSync } from 'node:fs';
import { ensureBundle } from './lib/bundle.js';
import { thirdPartyNotices } from './lib/notices.js';
import { inRoot } from './lib/paths.js';
import { runNode, tool } from './lib/run.js';
import { command, setUp } from './lib/setup.js';

await command(async (args) => {
  await setUp();
  await ensureBundle({ force: true });
  writeFileSync(inRoot('out', 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices());
  const builder = tool('electron-builder', 'cli.js');
  const configuration = inRoot('build', 'electron-builder.cjs');
  return await runNode([builder, '--config', configuration, '--publish', 'never', ...args]);
});
