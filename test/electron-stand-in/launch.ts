import { registerHooks } from 'node:module';
import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Runs a built desktop shell without Electron's runtime:
 * `node test/electron-stand-in/launch.ts out/main/index.js --data-dir D`. The module `electron` is
 * this folder's; everything else, the shell's own code first, is the real thing.
 *
 * With `STAND_IN_PACKAGED=1` it runs as from a package: the entry is in `resources/app.asar`, a folder
 * here, since Node reads no such archives; the command line has no application in it.
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
const isPackaged = process.env.STAND_IN_PACKAGED === '1';
// as Electron has it: its program, the application where it is not packaged, the arguments
process.argv.splice(1, process.argv.length, ...(isPackaged ? [] : [resolve(entry)]), ...args);
const archive = resolve(entry, '..', '..', '..');
if (isPackaged && basename(archive) !== 'app.asar') throw new Error(`${archive} is no app.asar.`);
Object.assign(process, { resourcesPath: isPackaged ? dirname(archive) : '/electron/resources' });

const { becomeReady } = await import('./app.ts');
const { answerTests } = await import('./control.ts');
answerTests();
await import(pathToFileURL(resolve(entry)).href);
// as in Electron, only now: a shell that awaits readiness while it is being loaded never starts
becomeReady();
