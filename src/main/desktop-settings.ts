import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const desktopSettings = z.object({
  /** Work continues without a window after the last one is closed. */
  keepRunning: z.boolean().default(true),
  /** The operator was notified that it does. */
  keepRunningTold: z.boolean().default(false),
  /** Ended work and alerts are announced by the system. */
  notify: z.boolean().default(true),
  /** Chromium's zoom level of the page, 0 for 100 %. */
  zoomLevel: z.number().min(-4).max(6).default(0),
});

/** What the operator set of the desktop shell itself. */
type DesktopSettings = z.output<typeof desktopSettings>;

/** Keeps the shell's own settings in a file of the data folder. What can't be read counts as never set. */
export class DesktopSettingsFile {
  readonly #path: string;
  #settings: DesktopSettings;

  constructor(dataDir: string) {
    this.#path = join(dataDir, 'desktop.json');
    this.#settings = this.#read();
  }

  get current(): DesktopSettings {
    return this.#settings;
  }

  /** Changes some of them. On a full disk the change lasts until the console ends. */
  change(change: Partial<DesktopSettings>): void {
    this.#settings = { ...this.#settings, ...change };
    try {
      writeFileSync(this.#path, JSON.stringify(this.#settings), { mode: 0o600 });
    } catch {
      // the next start has what was set before
    }
  }

  #read(): DesktopSettings {
    try {
      return desktopSettings.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch {
      return desktopSettings.parse({});
    }
  }
}
