import type { ConsoleBridge } from '#shared/bridge.ts';
import { createIpcTransport } from './ipc.ts';
import { takeToken } from './token.ts';
import type { Transport } from './transport.ts';
import { createWebTransport } from './web.ts';

declare global {
  interface Window {
    /** There in the desktop shell only. */
    ostorConsole?: ConsoleBridge;
  }
}

/** The transport of the shell this page runs in: the preload bridge where there is one, else HTTP. */
export function chooseTransport(): Transport {
  if (window.ostorConsole) return createIpcTransport(window.ostorConsole);
  const token = takeToken({
    location: window.location,
    history: window.history,
    storage: window.sessionStorage,
  });
  return createWebTransport({ token });
}
