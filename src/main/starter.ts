import { app } from 'electron';

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
