import { type Logger, pino } from 'pino';
import type { AppError } from '#shared/errors.ts';
import { redact, redacted, redactText } from './redact.ts';
import { RotatingFile, type RotationLimits } from './rotating-file.ts';

/** The console's log: one JSON line an event, in the data directory, with nothing secret in it. */
export interface ConsoleLog {
  /** `log.info({ fields }, 'what happened')`. */
  readonly logger: Logger;
  readonly path: string;
  /** From now on masks this very text wherever it would appear, whatever field it is in. */
  hide(secret: string): void;
  close(): void;
}

const defaultLimits: RotationLimits = { maxBytes: 5_000_000, keep: 3 };

/**
 * Opens the log. Three nets hold secrets back: fields by name, texts by pattern, and every secret
 * the console has in hand by its value.
 * @param path the file, `log/console.log` in the data directory
 */
export function openLog(path: string, limits: RotationLimits = defaultLimits): ConsoleLog {
  const file = new RotatingFile(path, limits);
  const hidden = new Set<string>();
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
      hooks: { streamWrite: (line) => maskAll(redactText(line), hidden) },
    },
    file,
  );
  return {
    logger,
    path,
    hide: (secret) => {
      if (secret.length >= 4) hidden.add(secret);
    },
    close: () => file.close(),
  };
}

/** A secret may stand in a line as a URL wrote it, or as JSON did, once or within a text once more. */
function maskAll(line: string, secrets: ReadonlySet<string>): string {
  const asJson = (text: string): string => JSON.stringify(text).slice(1, -1);
  let masked = line;
  for (const secret of secrets) {
    const forms = [asJson(asJson(secret)), asJson(secret), secret, encodeURIComponent(secret)];
    for (const form of forms) masked = masked.replaceAll(form, redacted);
  }
  return masked;
}

/** Puts on record that a call failed: our own errors with their cause, the foreseen ones by their code. */
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
