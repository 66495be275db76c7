import type axe from 'axe-core';
import type { ConsoleBridge } from '#shared/contract/bridge.ts';

declare global {
  interface Window {
    /** The bridge, on the desktop hosts. */
    ostorConsole?: ConsoleBridge;
    /** The texts of all messages, where a test watches for them. */
    messages?: string[];
    /** Once a test has looked at the page with it. */
    axe: typeof axe;
  }
}
