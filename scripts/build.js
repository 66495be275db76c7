// Builds main, preload and renderer into out/.
import { ensureBundle } from './lib/bundle.js';
import { command, setUp } from './lib/setup.js';

await command(async () => {
  await setUp();
  await ensureBundle({ force: true });
  return 0;
});
