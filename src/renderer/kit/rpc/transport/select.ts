import type { ConsoleBridge } from '#shared/contract/bridge.ts';
import { createIpcTransport } from './ipc.ts';
import { takeCode, watchAttendance, watchForCode } from './page-code.ts';
import type { Transport } from './transport.ts';
import { createWebTransport } from './web.ts';
import { createWebSession } from './web-session.ts';

declare global {
  interface Window {
    /** There in the desktop shell only. */
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
