import type { HandlersOf } from '#shared/contract/index.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import type { NoticeBoard } from './notice-board.ts';

/** What the handlers of `app.*` need. */
export interface AppHandlersOptions {
  version: string;
  shell: 'desktop' | 'web';
  dataDir: string;
  logFile: string;
  secrets: SecretStore;
  notices: NoticeBoard;
}

/** Handlers of `app.*`. */
export function appHandlers(options: AppHandlersOptions): HandlersOf<'app'> {
  const { version, shell, dataDir, logFile, secrets, notices } = options;
  return {
    'app.info': async () => {
      const { kind, reason } = await secrets.status();
      return {
        version,
        shell,
        secretStore: kind,
        ...(reason === undefined ? {} : { secretStoreReason: reason }),
        dataDir,
        logFile,
        notices: notices.list(),
      };
    },
    'app.dismissNotice': async ({ id }) => {
      notices.dismiss(id);
      return null;
    },
  };
}
