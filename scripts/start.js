// Opens the desktop console; where it can't, says why in one line and serves the web shell.
import { noWindowReason, obtainElectron, runElectron } from './lib/electron-runtime.js';
import { noSandboxReason } from './lib/electron-sandbox.js';
import { inRoot } from './lib/paths.js';
import { runNode } from './lib/run.js';
import { say } from './lib/say.js';
import { command, setUp } from './lib/setup.js';

/** The arguments without those that the web shell alone knows. */
function forDesktop(args) {
  const names = /^--(port|token-file|socket|idle|browsers)$/;
  return args.filter(
    (arg, index) => !names.test(arg.replace(/=.*/, '')) && !names.test(args[index - 1] ?? ''),
  );
}

/** Yields the exit status of the desktop console, or the reason why there is none. */
async function openDesktop(args) {
  const noWindow = noWindowReason();
  if (noWindow) return { reason: noWindow };
  const electron = await obtainElectron();
  if (!electron) return { reason: "Electron's runtime could not be downloaded" };
  const noSandbox = process.platform === 'linux' ? noSandboxReason(electron) : null;
  if (noSandbox) return { reason: noSandbox };
  const { status, diedEarly } = await runElectron(electron, forDesktop(args));
  return diedEarly ? { reason: `Electron ended while it started (${diedEarly})` } : { status };
}

await command(async (args) => {
  await setUp({ bundle: true });
  const { status, reason } = await openDesktop(args);
  if (reason === undefined) return status;
  say(`No desktop window: ${reason}. Serving the console to a browser instead.`);
  return await runNode([inRoot('out', 'main', 'web.js'), ...args]);
});
