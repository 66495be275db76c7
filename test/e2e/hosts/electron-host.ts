import { _electron } from '@playwright/test';
import { collectStderr } from './child.ts';
import type { ConsoleHost, HostOptions } from './console-host.ts';
import { repository } from './programs.ts';

/** Starts the built desktop shell in Electron itself. */
export async function startElectronHost(options: HostOptions): Promise<ConsoleHost> {
  const application = await _electron.launch({
    cwd: repository,
    args: ['.', '--data-dir', options.dataDir, ...options.switches],
    env: { ...(process.env as Record<string, string>), ...options.environment },
  });
  const child = application.process();
  const stderr = collectStderr(child);
  const page = await application.firstWindow();
  await page.waitForLoadState();
  return {
    name: 'electron',
    page,
    pid: child.pid ?? 0,
    stderr,
    quit: async () => {
      await application.close();
      return child.exitCode;
    },
  };
}
