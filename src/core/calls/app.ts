import type { HandlersOf } from '#shared/contract/index.ts';
import type { SecretStore, SecretStoreStatus } from '../clusters/secrets/secret-store.ts';
import type { NoticeBoard } from '../platform/notice-board.ts';
import { describePolicy, type Policy } from '../platform/policy.ts';
import type { Preferences } from '../platform/preferences.ts';
import type { TaskRegistry } from '../platform/tasks/task-registry.ts';
import type { Updates } from '../platform/updates/updates.ts';

interface AppHandlersOptions {
  version: string;
  shell: 'desktop' | 'web';
  dataDir: string;
  logFile: string;
  secrets: SecretStore;
  notices: NoticeBoard;
  preferences: Preferences;
  policy: Policy | null;
  updates: Updates;
}

/** All but `app.secure`, which affects every cluster. */
export function appHandlers(
  options: AppHandlersOptions,
): Omit<HandlersOf<'app' | 'preferences'>, 'app.secure'> {
  const { version, shell, dataDir, logFile, secrets, notices, policy, updates, preferences } =
    options;
  return {
    'app.info': async () => ({
      version,
      shell,
      ...storeWords(await secrets.status()),
      dataDir,
      logFile,
      notices: notices.list(),
      policy: describePolicy(policy),
    }),
    'app.retryKeychain': async () => storeWords(await secrets.retry()),
    'app.updates': async () => updates.status(),
    'app.setUpdateFeed': ({ feedUrl }) => updates.setFeed(feedUrl),
    'app.checkForUpdates': () => updates.check(),
    'app.downloadUpdate': async () => updates.download(),
    'app.installUpdate': async () => {
      await updates.install();
      return null;
    },
    'app.dismissNotice': async ({ id }) => {
      notices.dismiss(id);
      return null;
    },
    'preferences.get': async () => preferences.all(),
    'preferences.set': async ({ changes }) => {
      await preferences.change(changes);
      return null;
    },
  };
}

function storeWords({ kind, reason }: SecretStoreStatus) {
  return { secretStore: kind, ...(reason === undefined ? {} : { secretStoreReason: reason }) };
}

export function tasksHandlers({ tasks }: { tasks: TaskRegistry }): HandlersOf<'tasks'> {
  return {
    'tasks.list': async ({ connectionId }) => tasks.list(connectionId),
    'tasks.get': async ({ taskId }) => tasks.get(taskId),
    'tasks.cancel': async ({ taskId }) => {
      tasks.cancel(taskId);
      return null;
    },
    'tasks.pause': async ({ taskId }) => {
      tasks.pause(taskId);
      return null;
    },
    'tasks.resume': async ({ taskId }) => {
      tasks.resume(taskId);
      return null;
    },
    'tasks.markRead': async ({ taskId }) => {
      tasks.markRead(taskId);
      return null;
    },
  };
}
