import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { pastUpdate } from '#shared/contract/app.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError, invalidInput, toAppError } from '#shared/errors.ts';
import { isSafeFeed } from '#shared/update-feed.ts';
import { writeFileAtomically } from '../files/write-file-atomically.ts';
import type { ConsoleLog } from '../log/console-log.ts';
import type { NoticeBoard } from '../notice-board.ts';
import { type Policy, policyForbids } from '../policy.ts';
import type { TaskRegistry } from '../tasks/task-registry.ts';

/** What the shell can do about newer versions of its program. Failures are `AppError`s. */
export interface Updater {
  /** Why this installation can't update itself, one sentence; null where it can. */
  readonly unsupported: string | null;
  /** Asks the feed for a newer version; null where there is none. */
  check(feedUrl: string): Promise<{ version: string } | null>;
  /** Downloads and verifies what {@link check} found. */
  download(signal: AbortSignal, onPercent: (percent: number) => void): Promise<void>;
  /** Ends the console, installs what was downloaded and starts it. */
  install(): void;
}

type State = CallOutput<'app.updates'>;

const updatesFile = z.object({
  version: z.literal(1),
  feedUrl: z.string().nullable(),
  /** What was begun and is known to have worked only by the next start. */
  pending: pastUpdate.omit({ installed: true }).nullable(),
  history: z.array(pastUpdate),
});

type UpdatesFile = z.output<typeof updatesFile>;

interface UpdatesOptions {
  version: string;
  dataDir: string;
  policy: Policy | null;
  /** Omitted: this shell does not update itself. */
  updater?: Updater | undefined;
  tasks: TaskRegistry;
  notices: NoticeBoard;
  log: ConsoleLog;
}

/** The feed is asked so often, milliseconds. */
const checkEvery = 24 * 3_600_000;

const mostPast = 50;

const elsewhere = 'Only the installed desktop console updates itself.';

/**
 * Updates of the console itself: off until the operator or the policy names a feed, and installed when
 * the operator says so and no work is in progress.
 */
export class Updates {
  readonly #options: UpdatesOptions;
  readonly #path: string;
  #file: UpdatesFile;
  #state: State['state'] = 'idle';
  #found: string | null = null;
  #checkedAt: string | null = null;
  #error: State['error'] = null;
  #timer: NodeJS.Timeout | undefined;

  private constructor(options: UpdatesOptions, path: string, file: UpdatesFile) {
    this.#options = options;
    this.#path = path;
    this.#file = file;
  }

  /** Reads what was set, and settles what an update before this start came to. */
  static async open(options: UpdatesOptions): Promise<Updates> {
    const path = join(options.dataDir, 'updates.json');
    const updates = new Updates(options, path, await readUpdatesFile(path));
    if (options.updater) await updates.#settlePending();
    updates.#schedule();
    return updates;
  }

  status(): State {
    const { updater } = this.#options;
    const reason = updater ? updater.unsupported : elsewhere;
    const feedUrl = this.#feed();
    return {
      reason,
      feedUrl,
      setByPolicy: this.#policyFeed() !== undefined,
      state: feedUrl === null || reason !== null ? 'off' : this.#state,
      version: this.#found,
      checkedAt: this.#checkedAt,
      error: this.#error,
      history: this.#file.history,
    };
  }

  /**
   * Names the feed, or turns updates off.
   * @throws AppError `POLICY_FORBIDS`, `INPUT_INVALID`, `DISK_FAILED`; `TASK_BUSY` while the feed before
   * is asked: what comes of it must not pass for the new one's
   */
  async setFeed(feedUrl: string | null): Promise<State> {
    const { policy } = this.#options;
    if (policy && this.#policyFeed() !== undefined) {
      throw policyForbids(policy, 'The update feed is set by your administrator.');
    }
    if (feedUrl !== null && !isSafeFeed(feedUrl)) throw unsafeFeed();
    if (this.#state === 'checking' || this.#state === 'downloading') throw feedInUse();
    await this.#write({ feedUrl: feedUrl?.trim() ?? null });
    this.#state = 'idle';
    this.#found = null;
    this.#error = null;
    this.#schedule();
    return this.status();
  }

  /** Asks the feed now. A failure is part of what is returned. */
  async check(): Promise<State> {
    const { updater, notices, log } = this.#options;
    const feedUrl = this.#feed();
    if (!updater || feedUrl === null || this.status().state === 'off') throw notAvailable();
    if (this.#state !== 'idle' && this.#state !== 'available') return this.status();
    this.#state = 'checking';
    try {
      this.#found = (await updater.check(feedUrl))?.version ?? null;
      this.#error = null;
      if (this.#found !== null) {
        notices.add({
          severity: 'information',
          message: `Version ${this.#found} of the console is available.`,
          hint: 'Download and install it in Settings > Updates.',
        });
      }
    } catch (thrown) {
      this.#error = toAppError(thrown).toData();
      log.logger.warn({ error: thrown, feedUrl }, 'update check failed');
    }
    this.#state = this.#found === null ? 'idle' : 'available';
    this.#checkedAt = new Date().toISOString();
    return this.status();
  }

  /** Starts the download of what was found, as a task. */
  download(): State {
    const { updater, tasks } = this.#options;
    if (!updater || this.#state !== 'available') throw notAvailable();
    this.#state = 'downloading';
    this.#error = null;
    const { finished } = tasks.start({
      kind: 'app.download',
      title: `Download version ${this.#found}`,
      connectionId: null,
      total: 100,
      run: async ({ signal, progress }) => {
        try {
          await updater.download(signal, (percent) => progress({ done: Math.floor(percent) }));
          this.#state = 'ready';
        } catch (thrown) {
          this.#state = 'available';
          this.#error = toAppError(thrown).toData();
          throw thrown;
        }
        return null;
      },
    });
    finished.catch(() => undefined); // the task tells
    return this.status();
  }

  /**
   * Installs what was downloaded: the console ends for it, and never while work is in progress.
   * @throws AppError `TASK_BUSY`, `INPUT_INVALID`, `DISK_FAILED`
   */
  async install(): Promise<void> {
    const { updater, tasks, version, log } = this.#options;
    const feedUrl = this.#feed();
    if (!updater || this.#state !== 'ready' || this.#found === null || feedUrl === null) {
      throw notAvailable();
    }
    const busy = tasks.list().filter(({ endedAt }) => endedAt === null);
    if (busy.length > 0) throw workInProgress(busy.map(({ title }) => title));
    const pending = { from: version, to: this.#found, at: new Date().toISOString(), feedUrl };
    await this.#write({ pending });
    log.logger.info(pending, 'update begins');
    updater.install();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #policyFeed(): string | null | undefined {
    return this.#options.policy?.settings.updateFeed;
  }

  #feed(): string | null {
    const byPolicy = this.#policyFeed();
    return byPolicy === undefined ? this.#file.feedUrl : byPolicy;
  }

  /** Asks now and once a day, where there is a feed to ask. */
  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.status().state === 'off') return;
    void this.check().catch(() => undefined);
    this.#timer = setTimeout(() => this.#schedule(), checkEvery).unref();
  }

  async #settlePending(): Promise<void> {
    const { version, notices, log } = this.#options;
    const { pending, history } = this.#file;
    if (pending === null) return;
    const past = { ...pending, installed: pending.to === version };
    await this.#write({ pending: null, history: [past, ...history].slice(0, mostPast) });
    log.logger.info(past, past.installed ? 'update installed' : 'update not installed');
    notices.add(
      past.installed
        ? {
            severity: 'information',
            message: `The console was updated from version ${past.from} to ${past.to}.`,
            hint: 'Past updates are listed in Settings > Updates.',
          }
        : {
            severity: 'warning',
            message: `Version ${past.to} of the console was not installed.`,
            hint: 'Try again in Settings > Updates, or install the package by hand.',
          },
    );
  }

  async #write(change: Partial<UpdatesFile>): Promise<void> {
    const file = { ...this.#file, ...change };
    await writeFileAtomically(this.#path, `${JSON.stringify(file, null, 2)}\n`);
    this.#file = file;
  }
}

/** What can't be read counts as never set: updates are then off. */
async function readUpdatesFile(path: string): Promise<UpdatesFile> {
  try {
    return updatesFile.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return { version: 1, feedUrl: null, pending: null, history: [] };
  }
}

function unsafeFeed(): AppError {
  return invalidInput(
    'Updates come over https only, from an address without a password.',
    'Enter the https address of the folder that holds latest.yml and the packages.',
  );
}

function notAvailable(): AppError {
  return invalidInput(
    'There is no update for that.',
    'Name a feed, check for updates and download one first.',
  );
}

function feedInUse(): AppError {
  return new AppError({
    code: 'TASK_BUSY',
    message: 'The feed is being asked, or an update is being downloaded from it.',
    hint: 'Try again when that has ended, or cancel the download first.',
    retryable: true,
  });
}

function workInProgress(titles: readonly string[]): AppError {
  return new AppError({
    code: 'TASK_BUSY',
    message: `The update waits for work in progress: ${titles.slice(0, 5).join(', ')}.`,
    hint: 'Install it when the work has ended, or pause or cancel the work first.',
    retryable: true,
  });
}
