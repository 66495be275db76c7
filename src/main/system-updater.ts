import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { app, session } from 'electron';
import type { AppUpdater } from 'electron-updater';
import type { Updater } from '#core/platform/updates/updates.ts';
import { AppError } from '#shared/errors.ts';
import { isSafeFeed } from '#shared/update-feed.ts';

/** Session in which electron-updater sends its requests. */
const partition = 'electron-updater';

/** Failures by electron-updater's code. */
const failures: Readonly<Record<string, [message: string, hint: string]>> = {
  ERR_CHECKSUM_MISMATCH: [
    'The downloaded update is not the file that the feed describes: its SHA-512 checksum differs. It was deleted.',
    'Try again; if it comes back, tell whoever runs the feed.',
  ],
  ERR_UPDATER_INVALID_SIGNATURE: [
    'The downloaded update is not signed by the publisher of this console. It was not installed.',
    'Tell whoever runs the feed, and install nothing from it meanwhile.',
  ],
  ERR_UPDATER_CHANNEL_FILE_NOT_FOUND: [
    'The feed has no updates for this system.',
    'Check the address: it is the folder with latest.yml, latest-linux.yml or latest-mac.yml.',
  ],
};

/** Updates the installed program with electron-updater, which is loaded once a feed is asked. */
export class SystemUpdater implements Updater {
  readonly unsupported = whyUnsupported();
  readonly #endThen: (install: () => void) => void;
  #loading: Promise<AppUpdater> | null = null;

  /** @param endThen puts the console's work away, then calls what it is given */
  constructor(endThen: (install: () => void) => void) {
    this.#endThen = endThen;
  }

  async check(feedUrl: string): Promise<{ version: string } | null> {
    const updater = await this.#updater();
    updater.setFeedURL({ provider: 'generic', url: feedUrl });
    const result = await updater.checkForUpdates().catch(throwUpdateFailed);
    return result?.isUpdateAvailable ? { version: result.updateInfo.version } : null;
  }

  async download(signal: AbortSignal, onPercent: (percent: number) => void): Promise<void> {
    const updater = await this.#updater();
    const { CancellationToken } = (await import('electron-updater')).default;
    const token = new CancellationToken();
    const cancel = (): void => token.cancel();
    const onProgress = ({ percent }: { percent: number }): void => onPercent(percent);
    signal.addEventListener('abort', cancel, { once: true });
    updater.on('download-progress', onProgress);
    try {
      await updater.downloadUpdate(token).catch(throwUpdateFailed);
    } finally {
      signal.removeEventListener('abort', cancel);
      updater.off('download-progress', onProgress);
    }
  }

  install(): void {
    this.#endThen(async () => {
      const updater = await this.#updater();
      // core is closed: what can't be installed leaves a console that has to start once more
      updater.once('error', () => {
        app.relaunch();
        app.exit(1);
      });
      app.releaseSingleInstanceLock(); // the new program may start before this one has ended
      updater.quitAndInstall(true, true);
    });
  }

  #updater(): Promise<AppUpdater> {
    this.#loading ??= loadUpdater();
    return this.#loading;
  }
}

async function loadUpdater(): Promise<AppUpdater> {
  const { autoUpdater } = (await import('electron-updater')).default;
  autoUpdater.logger = null;
  autoUpdater.autoDownload = false;
  autoUpdater.autoInstallOnAppQuit = false;
  autoUpdater.allowDowngrade = false;
  autoUpdater.disableWebInstaller = true;
  autoUpdater.disableDifferentialDownload = true;
  // else the feed would get an id of this installation
  autoUpdater.requestHeaders = { 'x-user-staging-id': 'none' };
  // a feed may name or redirect to any address: none of them may travel in clear
  session
    .fromPartition(partition, { cache: false })
    .webRequest.onBeforeRequest(({ url }, answer) => {
      answer({ cancel: !isSafeFeed(url) });
    });
  return autoUpdater;
}

/** Why the program can't replace itself: where it is not what an installer put there. */
function whyUnsupported(): string | null {
  if (!app.isPackaged) return 'This console runs from its sources.';
  const { platform, execPath, resourcesPath, env } = process;
  const isInstalled =
    platform === 'darwin' ||
    (platform === 'win32'
      ? existsSync(join(dirname(execPath), `Uninstall ${app.getName()}.exe`))
      : env.APPIMAGE !== undefined || existsSync(join(resourcesPath, 'package-type')));
  return isInstalled ? null : 'This copy was extracted, not installed: replace its folder by hand.';
}

function throwUpdateFailed(thrown: unknown): never {
  const { code, message: text, statusCode } = thrown as Partial<Record<string, unknown>>;
  const [message, hint] = failures[String(code)] ?? [
    `The update feed failed${reasonOf(String(code), String(text), statusCode)}.`,
    'Check the address of the feed and that this computer reaches it.',
  ];
  throw new AppError({ code: 'UPDATE_FAILED', message, hint, cause: thrown });
}

/** Why, in a word or two; the text of an unforeseen failure may hold anything. */
function reasonOf(code: string, text: string, status: unknown): string {
  if (text.includes('ERR_BLOCKED_BY_CLIENT')) return ': it leads to an address that is not https';
  if (typeof status === 'number') return ` (HTTP ${status})`;
  const named = /^[A-Z][A-Z_]+$/.test(code) ? code : /net::ERR_[A-Z_]+/.exec(text)?.[0];
  return named === undefined ? '' : ` (${named})`;
}
