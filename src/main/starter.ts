/**
 * Tells the script that started the console that it has a window, or has said why it has none: what
 * ends it from here on is no failure of Electron to start. Does nothing where no script listens.
 */
export function tellStarter(): void {
  process.send?.('ostor-console:started');
}
