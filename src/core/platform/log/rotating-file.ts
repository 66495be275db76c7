import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { pino } from 'pino';

/** How large a log may grow: at most `keep + 1` files of `maxBytes` each. */
export interface RotationLimits {
  maxBytes: number;
  /** Older files kept beside the one being written: `console.log.1`, `.2` … */
  keep: number;
}

/**
 * A log file that starts anew when it has reached its size; readable by its owner alone. (`pino-roll`
 * rotates and removes later than it writes, so that neither the bound nor the last line holds.)
 */
export class RotatingFile {
  readonly #path: string;
  readonly #limits: RotationLimits;
  readonly #destination: ReturnType<typeof pino.destination>;
  #bytes: number;
  #closed = false;

  /** Opens the file, or creates it with its directory. */
  constructor(path: string, limits: RotationLimits) {
    this.#path = path;
    this.#limits = limits;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.#bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    this.#destination = pino.destination({ dest: path, sync: true, mode: 0o600 });
    this.#destination.on('error', () => undefined); // a full disk must not end the console
  }

  /** Appends one line. Lines are few and short, so they are written at once: a crash loses none. */
  write(line: string): void {
    if (this.#closed) return;
    const length = Buffer.byteLength(line);
    if (this.#bytes > 0 && this.#bytes + length > this.#limits.maxBytes) this.#rotate();
    this.#bytes += length;
    this.#destination.write(line);
  }

  /** Closes the file. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#destination.end();
  }

  #rotate(): void {
    try {
      const { keep } = this.#limits;
      rmSync(`${this.#path}.${keep}`, { force: true });
      for (let age = keep - 1; age >= 1; age -= 1) moveIfThere(this.#path, age);
      renameSync(this.#path, `${this.#path}.1`);
      this.#destination.reopen();
      this.#bytes = 0;
    } catch {
      this.#bytes = 0; // the file cannot be moved: go on with it, and try again after as much more
    }
  }
}

function moveIfThere(path: string, age: number): void {
  if (!statSync(`${path}.${age}`, { throwIfNoEntry: false })) return;
  renameSync(`${path}.${age}`, `${path}.${age + 1}`);
}
