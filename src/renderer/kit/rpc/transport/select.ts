import type { ConsoleBridge } from '#shared/contract/bridge.ts';
import { createIpcTransport } from './ipc.ts';
import type { Transport } from './transport.ts';
import { createWebTransport } from './web.ts';
import { codeOf, createWebSession, type WebSession } from './web-session.ts';

declare global {
  interface Window {
    /** Exists in the desktop shell only. */
    ostorConsole?: ConsoleBridge;
  }
}

/** The transport of the shell this page runs in: the preload bridge where there is one, else HTTP. */
export function chooseTransport(): Transport {
  if (window.ostorConsole) return createIpcTransport(window.ostorConsole);
  const session = createWebSession({ code: takeCode(window) });
  watchForCode(window, session);
  return createWebTransport({ session, isAttended: watchAttendance(window) });
}

/** Parts of `window`, so that tests can hand in others. */
interface CodePlace {
  location: Pick<Location, 'hash' | 'pathname' | 'search'>;
  history: Pick<History, 'replaceState'>;
}

/**
 * Takes the one-time code out of the address (`#code=…`) and removes it there. The browser may keep
 * the address it came with: the code serves once.
 */
export function takeCode({ location, history }: CodePlace): string | null {
  const match = /^#code=([^&/]+)(?:&path=(.*))?$/.exec(location.hash);
  if (!match?.[1]) return null;
  const path = match[2] === undefined ? '/' : decodeURIComponent(match[2]);
  history.replaceState(null, '', `${location.pathname}${location.search}#${path}`);
  return codeOf(match[1]);
}

/** Signs in by the address that somebody enters into a tab of the console that is open already. */
function watchForCode(window: Window, session: WebSession): void {
  window.addEventListener('popstate', () => {
    const code = takeCode(window);
    if (code !== null) void session.open(code).catch(() => undefined);
  });
}

const attendedMilliseconds = 60_000;

/** Returns whether somebody touched the page within the last minute. */
function watchAttendance(window: Window): () => boolean {
  let touchedAt = Date.now();
  for (const name of ['pointerdown', 'keydown', 'wheel'] as const) {
    const note = () => {
      touchedAt = Date.now();
    };
    window.addEventListener(name, note, { capture: true, passive: true });
  }
  return () => Date.now() - touchedAt < attendedMilliseconds;
}
