import { app } from 'electron';

/**
 * Lets the console quit only after its work was put away: the first attempt is held, `close` runs
 * once, then the program ends, whether or not `close` could do all of it.
 */
export function quitAfter(close: () => Promise<void>): void {
  let closing = false;
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    close()
      .then(() => app.exit(0))
      .catch(() => app.exit(1));
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => app.quit());
}
