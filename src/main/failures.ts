import { join } from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';
import { openLog } from '#core/platform/log/console-log.ts';
import { toAppError } from '#shared/errors.ts';
import { describeFailure } from './describe-failure.ts';

const word = 'ostor-console:started';

/**
 * Tells the script that started the console that it has a window, or has said why it has none: what
 * ends it from here on is no failure of Electron to start. A smoke test, which can't be sent messages
 * through every launcher, reads it from standard output, and the console then ends. Does nothing where
 * no script listens.
 */
export function tellStarter(): void {
  process.send?.(word);
  if (process.env.OSTOR_CONSOLE_SMOKE !== '1') return;
  process.stdout.write(`${word}\n`);
  app.quit();
}

/** Puts a failure into the console's log, cause included; what can't be written is not worth a second failure. */
function record(dataDir: string, thrown: unknown, what: string): void {
  try {
    const log = openLog(join(dataDir, 'log', 'console.log'));
    log.logger.fatal({ version: app.getVersion(), error: thrown }, what);
    log.close();
  } catch {
    // standard error has it
  }
}

/**
 * What nothing else caught ends the console, after saying so: continuing could write wrong data.
 * @param dataDir where the log is
 */
export function exitOnUncaught(dataDir: string): void {
  process.on('uncaughtException', (thrown) => {
    process.stderr.write(`${describeFailure(thrown)}\n`);
    record(dataDir, thrown, 'uncaught exception');
    tellStarter();
    dialog.showErrorBox(
      'Ostor Console has to close',
      'Unexpected internal error. What was saved is safe; start the console again.',
    );
    app.exit(1);
  });
  process.on('unhandledRejection', (thrown) => {
    process.stderr.write(`${describeFailure(thrown)}\n`);
    record(dataDir, thrown, 'unhandled rejection');
  });
}

/** Says why the console could not start, in the log too, and ends it. */
export function exitOnFailedStart(dataDir: string, thrown: unknown): void {
  const { message, hint } = toAppError(thrown).toData();
  process.stderr.write(`${message} ${hint}\n${describeFailure(thrown)}\n`);
  record(dataDir, thrown, 'start failed');
  tellStarter();
  dialog.showErrorBox('Ostor Console could not start', `${message}\n\n${hint}`);
  app.exit(1);
}

/** Loads a page again whose process died, after telling the operator; running work continues. */
export function recoverPage(window: BrowserWindow): void {
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return;
    process.stderr.write(`The page ended: ${details.reason}.\n`);
    void dialog
      .showMessageBox(window, {
        type: 'error',
        message: 'The page of the console crashed.',
        detail: 'Work under way continues. Reload the page to see it.',
        buttons: ['Reload'],
      })
      .then(() => {
        if (!window.isDestroyed()) window.reload();
      });
  });
}
