import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Runs a built desktop shell without Electron's runtime:
 * `node test/electron-stand-in/launch.ts out/main/index.js --data-dir D`. The module `electron` is
 * this folder's; everything else, the shell's own code first, is the real thing.
 */
const standIn = new URL('./electron.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, nextResolve) {
    return specifier === 'electron'
      ? { url: standIn, shortCircuit: true }
      : nextResolve(specifier, context);
  },
});

const [entry = 'out/main/index.js', ...args] = process.argv.slice(2);
// as Electron has it when not packaged: its program, the application, the arguments
process.argv.splice(1, process.argv.length, resolve(entry), ...args);

const { becomeReady } = await import('./app.ts');
const { answerTests } = await import('./control.ts');
answerTests();
await import(pathToFileURL(resolve(entry)).href);
// as in Electron, only now: a shell that awaits readiness while it is being loaded never starts
becomeReady();
