// Starts the packaged program in dist/ once, waits until its window is shown, and ends it. On Linux
// without a display it is started under Xvfb.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packagedProgram, startOnce } from './lib/packaged-program.js';
import { inRoot } from './lib/paths.js';
import { say } from './lib/say.js';
import { command } from './lib/setup.js';

await command(async () => {
  const program = packagedProgram(inRoot('dist'));
  if (!program) throw new Error('There is no packaged program in dist/. Run "npm run package".');
  const dataDir = mkdtempSync(join(tmpdir(), 'ostor-console-smoke-'));
  try {
    const { failure, output } = await startOnce(program, ['--data-dir', dataDir]);
    if (failure) throw new Error(`${program} ${failure}.\n${output}`);
    say(`${program} started, showed its window and ended.`);
    return 0;
  } finally {
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
});
