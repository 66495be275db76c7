import { homedir } from 'node:os';
import { join } from 'node:path';

/** Name of the console's folder among the data of the operator's programs. */
export const dataDirName = 'Ostor Console';

function programData(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home: string): string {
  if (platform === 'win32') return env.APPDATA ?? join(home, 'AppData', 'Roaming');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  return env.XDG_CONFIG_HOME || join(home, '.config');
}

/**
 * Where the console's data lies when nobody says otherwise: the same folder for every shell and for
 * the collector, the one Electron calls `userData`.
 */
export function defaultDataDir(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
  home: string = homedir(),
): string {
  return join(programData(platform, env, home), dataDirName);
}
