import { renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Logger, pino } from 'pino';
import type { AppError } from '#shared/errors.ts';
import { makeFolder } from '../files/make-folder.ts';

/** The replacement of secrets in a log. */
export const redacted = '[redacted]';

const secretName =
  /secret|password|passphrase|authorization|cookie|token|private_?key|credential(?!store)/i;

const secretPatterns: readonly [RegExp, string][] = [
  [/\b(AWS [\w.-]+:)[\w+/=]+/g, `$1${redacted}`],
  [/\b(Signature=)[\w+/=%]+/gi, `$1${redacted}`],
  [/\b(Bearer )[\w.~+/=-]+/gi, `$1${redacted}`],
  [/(\/\/[^\s/:@"]*:)[^\s/@"]+@/g, `$1${redacted}@`],
  [/(AWS?SecretAccessKey\\?"?\s*[:=>]\s*\\?"?)[\w+/=]+/gi, `$1${redacted}`],
];

/**
 * A value as it may be logged: fields named like a secret are masked at any depth, and errors are
 * taken down to name, message, stack, code and cause.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 8) return '[deep]';
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      isSecret(name, field) ? redacted : redact(field, depth + 1),
    ]),
  );
}

/** Masks everything that looks like an authorization, a signature or a password in a URL. */
export function redactText(text: string): string {
  return secretPatterns.reduce((masked, [pattern, by]) => masked.replace(pattern, by), text);
}

/** Flags such as `hasCredential` are not secret, and useful in a log. */
function isSecret(name: string, field: unknown): boolean {
  return typeof field !== 'boolean' && secretName.test(name);
}

function redactError(error: Error, depth: number): unknown {
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    ...('code' in error ? { code: String(error.code) } : {}),
    ...(error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) }),
  };
}

/** How large a log may grow: at most `keep + 1` files of `maxBytes` each. */
interface RotationLimits {
  maxBytes: number;
  /** Older files kept next to the one being written: `console.log.1`, `.2` … */
  keep: number;
}

/**
 * A log file that starts again when it has reached its size; readable by its owner alone. (`pino-roll`
 * rotates and removes later than it writes, so that neither the bound nor the last line holds.)
 */
export class RotatingFile {
  readonly #path: string;
  readonly #limits: RotationLimits;
  readonly #destination: ReturnType<typeof pino.destination>;
  #bytes: number;
  #closed = false;

  constructor(path: string, limits: RotationLimits) {
    this.#path = path;
    this.#limits = limits;
    makeFolder(dirname(path));
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
      this.#bytes = 0; // the file cannot be moved: continue with it, and try again after as much more
    }
  }
}

function moveIfThere(path: string, age: number): void {
  if (!statSync(`${path}.${age}`, { throwIfNoEntry: false })) return;
  renameSync(`${path}.${age}`, `${path}.${age + 1}`);
}

/** The console's log: one JSON line an event, in the data directory, with nothing secret in it. */
export interface ConsoleLog {
  /** `log.info({ fields }, 'what happened')`. */
  readonly logger: Logger;
  readonly path: string;
  /** From now on masks this very text wherever it would appear, whatever field it is in. */
  hide(secret: string): void;
  /** Masks a text as a line of the log. */
  masked(text: string): string;
  close(): void;
}

/**
 * Opens the log. Three nets hold secrets back: fields by name, texts by pattern, and every secret
 * the console has in hand by its value.
 * @param path the file, `log/console.log` in the data directory
 */
export function openLog(path: string): ConsoleLog {
  const file = new RotatingFile(path, { maxBytes: 5_000_000, keep: 3 });
  const hidden = new Set<string>();
  const masked = (text: string): string => maskAll(redactText(text), hidden);
  const logger = pino(
    {
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: ['secretKey', 'secretAccessKey', 'authorization'], censor: redacted },
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => redact(fields) as Record<string, unknown>,
      },
      serializers: { err: redact, error: redact },
      hooks: { streamWrite: masked },
    },
    file,
  );
  return {
    logger,
    path,
    hide: (secret) => {
      if (secret.length >= 4) hidden.add(secret);
    },
    masked,
    close: () => file.close(),
  };
}

/** A secret may be in a line as a URL wrote it, or as JSON did, once or within a text once more. */
function maskAll(line: string, secrets: ReadonlySet<string>): string {
  const asJson = (text: string): string => JSON.stringify(text).slice(1, -1);
  let masked = line;
  for (const secret of secrets) {
    const forms = [asJson(asJson(secret)), asJson(secret), secret, encodeURIComponent(secret)];
    for (const form of forms) masked = masked.replaceAll(form, redacted);
  }
  return masked;
}

/** Logs a failed call: internal errors with their cause, expected ones by their code. */
export function logError({ logger }: ConsoleLog, call: string, error: AppError): void {
  if (error.code === 'INTERNAL') {
    logger.error({ call, error }, 'internal error');
    return;
  }
  const { code, status, requestId } = error;
  // What does not pass for an endpoint may be a secret, pasted into the wrong field.
  const reason = code === 'ENDPOINT_INVALID' ? undefined : error.message;
  logger.warn({ call, code, status, requestId, reason }, 'call failed');
}
