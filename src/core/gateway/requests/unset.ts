import { AppError } from '#shared/errors.ts';
import type { LimitTarget, RequestOptions } from '../model/gateway.ts';

/** Reads a target for nothing but to see that it exists; rejects with `NOT_FOUND` if not. */
export type TargetProbe = (target: LimitTarget, options?: RequestOptions) => Promise<unknown>;

/**
 * Limits and quotas that were never set are answered with an error that no document names. A 404,
 * or words like "disabled", mean "not set", provided that the target exists; anything else is shown.
 */
export async function nullIfUnset<Result>(
  read: () => Promise<Result>,
  probe: () => Promise<unknown>,
): Promise<Result | null> {
  try {
    return await read();
  } catch (thrown) {
    if (!(thrown instanceof AppError) || !meansUnset(thrown)) throw thrown;
    await probe();
    return null;
  }
}

function meansUnset(error: AppError): boolean {
  if (error.status === 404) return true;
  if (error.code !== 'REQUEST_REFUSED' && error.code !== 'CONFLICT') return false;
  const said = `${error.details?.gatewayCode ?? ''} ${error.details?.gatewayMessage ?? ''}`;
  return /disabled|not (been )?set|no ?such ?(limit|quota)|(limit|quota)s? (do|does)? ?not (exist|found)/i.test(
    said,
  );
}
