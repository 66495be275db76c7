import { app, type BrowserWindow, dialog } from 'electron';
import { toAppError } from '#shared/errors.ts';
import { describeFailure } from './describe-failure.ts';

/** What nothing else caught ends the console, after saying so: going on could write wrong data. */
export function exitOnUncaught(): void {
  process.on('uncaughtException', (thrown) => {
    process.stderr.write(`${describeFailure(thrown)}\n`);
    dialog.showErrorBox(
      'Ostor Console has to close',
      'It met an error of its own. What was saved is safe; start it again.',
    );
    app.exit(1);
  });
  process.on('unhandledRejection', (thrown) => {
    process.stderr.write(`${describeFailure(thrown)}\n`);
  });
}

/** Says why the console could not start, and ends it. */
export function exitOnFailedStart(thrown: unknown): void {
  const { message, hint } = toAppError(thrown).toData();
  process.stderr.write(`${message} ${hint}\n${describeFailure(thrown)}\n`);
  dialog.showErrorBox('Ostor Console could not start', `${message}\n\n${hint}`);
  app.exit(1);
}

/** Loads a page again whose process died, after telling the operator; running work goes on. */
export function recoverPage(window: BrowserWindow): void {
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return;
    process.stderr.write(`The page ended: ${details.reason}.\n`);
    void dialog
      .showMessageBox(window, {
        type: 'error',
        message: 'The page of the console ended unexpectedly.',
        detail: 'Work under way goes on. Reload the page to see it.',
        buttons: ['Reload'],
      })
      .then(() => {
        if (!window.isDestroyed()) window.reload();
      });
  });
}
