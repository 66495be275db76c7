// Opens the desktop console; where it can't, says why in one line and serves the web shell.
import { noWindowReason, obtainElectron } from './lib/electron-runtime.js';
import { inRoot, root } from './lib/paths.js';
import { run, runNode } from './lib/run.js';
import { say } from './lib/say.js';
import { command, setUp } from './lib/setup.js';

/** Arguments of the web shell that the desktop shell does not know. */
function withoutPort(args) {
  return args.filter((arg, index) => !/^--port(=|$)/.test(arg) && args[index - 1] !== '--port');
}

await command(async (args) => {
  await setUp({ bundle: true });
  const noWindow = noWindowReason();
  const electron = noWindow ? null : await obtainElectron();
  if (electron) return await run(electron, [root, ...withoutPort(args)]);
  const reason = noWindow ?? "Electron's runtime could not be downloaded";
  say(`No desktop window: ${reason}. Serving the console to a browser instead.`);
  return await runNode([inRoot('out', 'main', 'web.js'), ...args]);
});
