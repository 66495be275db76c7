import type { AppError } from '#shared/errors.ts';
import type { ConsoleLog } from './console-log.ts';

/** Puts on record that a call failed: our own errors with their cause, the foreseen ones by their code. */
export function logError({ logger }: ConsoleLog, call: string, error: AppError): void {
  if (error.code === 'INTERNAL') {
    logger.error({ call, error }, 'internal error');
    return;
  }
  const { code, status, requestId, message } = error;
  logger.warn({ call, code, status, requestId, reason: message }, 'call failed');
}
