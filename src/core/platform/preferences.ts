import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CallOutput } from '#shared/contract/index.ts';
import { preferenceValues } from '#shared/contract/preferences.ts';
import { AppError, invalidInput } from '#shared/errors.ts';
import type { EventBus } from './events.ts';
import { writeFileAtomically } from './files/write-file-atomically.ts';
import type { NoticeBoard } from './notice-board.ts';
import { fileStamp } from './printed-time.ts';

type Values = CallOutput<'preferences.get'>;

const preferencesFile = z.object({ version: z.literal(1), values: preferenceValues });

/** Characters of JSON that all preferences may take together. */
const mostCharacters = 2_000_000;

/** What operators selected about the interface: in memory for reading, in `preferences.json` for good. */
export class Preferences {
  readonly #path: string;
  readonly #events: EventBus;
  #values: ReadonlyMap<string, Values[string]>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, events: EventBus, values: Values) {
    this.#path = path;
    this.#events = events;
    this.#values = new Map(Object.entries(values));
  }

  /** Reads the file; one that can't be read is set aside and becomes a notice. */
  static async open(parts: { dataDir: string; events: EventBus; notices: NoticeBoard }) {
    const path = join(parts.dataDir, 'preferences.json');
    const text = await readFile(path, 'utf8').catch(() => null);
    const values = text === null ? {} : readValues(text);
    if (values === null) await setAside(path, parts.notices);
    return new Preferences(path, parts.events, values ?? {});
  }

  all(): Values {
    return Object.fromEntries(this.#values);
  }

  /**
   * Changes the named preferences and tells every window; null takes one away.
   * @throws AppError `INPUT_INVALID` when there would be too many, `DISK_FAILED`; nothing is changed then
   */
  change(changes: Values): Promise<void> {
    const done = this.#writing
      .catch(() => undefined)
      .then(async () => {
        const values = new Map(this.#values);
        for (const [key, value] of Object.entries(changes)) {
          if (value === null) values.delete(key);
          else values.set(key, value);
        }
        await write(this.#path, Object.fromEntries(values));
        this.#values = values;
        this.#events.emit('preferences.changed', { changes });
      });
    this.#writing = done;
    done.catch(() => undefined); // whoever asked for the change is told
    return done;
  }

  /** Waits until everything asked for is on disk. */
  async settled(): Promise<void> {
    await this.#writing.catch(() => undefined);
  }
}

function readValues(text: string): Values | null {
  try {
    return preferencesFile.parse(JSON.parse(text)).values;
  } catch {
    return null;
  }
}

async function setAside(path: string, notices: NoticeBoard): Promise<void> {
  const aside = `${path}.damaged-${fileStamp()}`;
  const moved = await rename(path, aside).then(
    () => true,
    () => false,
  );
  notices.add({
    severity: 'warning',
    message: 'The file of saved views and columns could not be read.',
    hint: moved
      ? `It was set aside as ${aside}; views and columns start from their defaults.`
      : 'Views and columns start from their defaults; the next change replaces the file.',
  });
}

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
