import { existsSync } from 'node:fs';
import { electronPath, noWindowReason } from '../../../scripts/lib/electron-runtime.js';
import type { HostName } from './console-host.ts';

/** The hosts that this machine can run; `E2E_HOSTS=web,desktop` narrows them. */
export function availableHosts(): HostName[] {
  const wanted = process.env.E2E_HOSTS?.split(',');
  const hosts: HostName[] = ['web', 'desktop'];
  if (whyNoElectron() === null) hosts.push('electron');
  return hosts.filter((name) => wanted?.includes(name) ?? true);
}

/** Why the suite does not run on Electron here; null where it does. */
export function whyNoElectron(): string | null {
  const program = electronPath();
  if (program === null || !existsSync(program)) return "Electron's runtime is not installed";
  return noWindowReason();
}
