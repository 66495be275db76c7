// Writes out/THIRD-PARTY-NOTICES.txt: names and licences of what travels in a package.
import { writeFileSync } from 'node:fs';
import { thirdPartyNotices } from './lib/notices.js';
import { inRoot } from './lib/paths.js';
import { command, setUp } from './lib/setup.js';

await command(async () => {
  await setUp({ bundle: true });
  writeFileSync(inRoot('out', 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices());
  return 0;
});
