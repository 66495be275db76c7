import type { ConsoleBridge } from '#shared/contract/bridge.ts';

declare global {
  interface Window {
    /** The bridge, on the desktop hosts. */
    ostorConsole?: ConsoleBridge;
  }
}
