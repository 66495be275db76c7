import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CallOutput } from '#shared/contract/index.ts';
import { preferenceValues, type SavedView } from '#shared/contract/preferences.ts';
import { AppError, invalidInput } from '#shared/errors.ts';
import type { EventBus } from './events.ts';
import { writeFileAtomically } from './files/write-file-atomically.ts';
import type { NoticeBoard } from './notice-board.ts';
import { fileStamp } from './printed-time.ts';

type Values = CallOutput<'preferences.get'>;

const preferencesFile = z.object({ version: z.literal(1), values: preferenceValues });

/** Characters of JSON that all preferences may take together. */
const mostCharacters = 2_000_000;

interface Opened {
  values: Values;
  /** Why the file may not be written: what is there is neither read nor out of the way. */
  refusal: AppError | null;
}

/** The operators' preferences, in memory and in `preferences.json`. */
export class Preferences {
  readonly #path: string;
  readonly #events: EventBus;
  readonly #refusal: AppError | null;
  #values: ReadonlyMap<string, Values[string]>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, events: EventBus, { values, refusal }: Opened) {
    this.#path = path;
    this.#events = events;
    this.#refusal = refusal;
    this.#values = new Map(Object.entries(values));
  }

  /** Reads the file. One that can't be read is set aside, or else never written; a notice says so. */
  static async open(parts: { dataDir: string; events: EventBus; notices: NoticeBoard }) {
    const path = join(parts.dataDir, 'preferences.json');
    const values = await readValues(path);
    const opened = values
      ? { values, refusal: null }
      : { values: {}, refusal: await setAside(path, parts.notices) };
    return new Preferences(path, parts.events, opened);
  }

  all(): Values {
    return Object.fromEntries(this.#values);
  }

  /**
   * Changes the named preferences and tells every window; null takes one away.
   * @throws AppError `INPUT_INVALID` when there would be too many, `DISK_FAILED`; nothing is changed then
   */
  change(changes: Values): Promise<void> {
    return this.#write(() => changes);
  }

  /** Deletes the preferences of a removed connection: its columns and its own views. */
  forgetConnection(id: string): Promise<void> {
    return this.#write(() => {
      const ofIt = [...this.#values].filter((entry) => isOfConnection(id, entry));
      return Object.fromEntries(ofIt.map(([key]) => [key, null]));
    });
  }

  #write(changesNow: () => Values): Promise<void> {
    const done = this.#writing
      .catch(() => undefined)
      .then(async () => {
        const changes = changesNow();
        if (Object.keys(changes).length === 0) return;
        const values = new Map(this.#values);
        for (const [key, value] of Object.entries(changes)) {
          if (value === null) values.delete(key);
          else values.set(key, value);
        }
        if (this.#refusal) throw this.#refusal;
        await write(this.#path, Object.fromEntries(values));
        this.#values = values;
        this.#events.emit('preferences.changed', { changes });
      });
    this.#writing = done;
    done.catch(() => undefined); // the caller gets the error
    return done;
  }

  /** Waits until everything asked for is on disk. */
  async settled(): Promise<void> {
    await this.#writing.catch(() => undefined);
  }
}

function isOfConnection(id: string, [key, value]: readonly [string, unknown]): boolean {
  if (!key.startsWith('views/'))
    return key.startsWith(`columns/${id}/`) || key === `firstStepsDismissed/${id}`;
  return typeof value === 'object' && (value as Partial<SavedView> | null)?.connectionId === id;
}

/** The file's values; none without a file, null for an unreadable one. */
async function readValues(path: string): Promise<Values | null> {
  try {
    return preferencesFile.parse(JSON.parse(await readFile(path, 'utf8'))).values;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT' ? {} : null;
  }
}

/** @returns why the file may not be written, where it could not be moved */
async function setAside(path: string, notices: NoticeBoard): Promise<AppError | null> {
  const aside = `${path}.damaged-${fileStamp()}`;
  const cause = await rename(path, aside).then(
    () => null,
    (thrown: unknown) => ({ thrown }),
  );
  notices.add({
    severity: 'warning',
    message: 'The file of saved views and columns could not be read.',
    hint: cause
      ? `Views and columns start from their defaults, and changes of them are not kept. ${unlock(path)}`
      : `It was set aside as ${aside}; views and columns start from their defaults.`,
  });
  if (!cause) return null;
  return new AppError({
    code: 'DISK_FAILED',
    message: `Saved views and columns are not kept: ${path} could not be read or moved.`,
    hint: unlock(path),
    cause: cause.thrown,
  });
}

const unlock = (path: string): string =>
  `Check that ${path} belongs to you and is open in no other program, then restart the console.`;

async function write(path: string, values: Values): Promise<void> {
  const content = `${JSON.stringify({ version: 1, values }, null, 1)}\n`;
  if (content.length > mostCharacters) {
    throw invalidInput(
      'There are too many saved views and columns to keep another.',
      'Remove saved views that are no longer needed.',
    );
  }
  try {
    await writeFileAtomically(path, content);
  } catch (cause) {
    throw new AppError({
      code: 'DISK_FAILED',
      message: `Saved views and columns could not be written to ${path}.`,
      hint: 'Check that the disk is not full and that the file belongs to you.',
      cause,
    });
  }
}
