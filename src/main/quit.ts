import { app } from 'electron';
import { endIfLate, endInAnyCase, killIfFilesHang } from '#core/end-process.ts';

/**
 * Lets the console quit only after its work was put away: the first attempt is held, `close` runs
 * once, then the program ends, whether or not `close` could do all of it, 15 s later at the latest.
 */
export function quitAfter(close: () => Promise<void>): void {
  let closing = false;
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    endInAnyCase();
    close()
      .catch(endIfLate)
      .then(() => killIfFilesHang())
      .then(() => app.exit(0))
      .catch(() => app.exit(1));
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => app.quit());
}
