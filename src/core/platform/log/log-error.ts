import type { AppError } from '#shared/errors.ts';
import type { ConsoleLog } from './console-log.ts';

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
