// Runs the console from its sources: in a window where there can be one, else for a browser.
import { noWindowReason, obtainElectron } from './lib/electron-runtime.js';
import { inRoot } from './lib/paths.js';
import { runNode, tool } from './lib/run.js';
import { command, setUp } from './lib/setup.js';

await command(async (args) => {
  await setUp();
  const electron = noWindowReason() || args.includes('--web') ? null : await obtainElectron();
  if (!electron) {
    const rest = args.filter((arg) => arg !== '--web');
    return await runNode([inRoot('scripts', 'lib', 'serve-development.js'), ...rest]);
  }
  const electronVite = tool('electron-vite', 'bin', 'electron-vite.js');
  return await runNode([electronVite, 'dev', '--', ...args]);
});
