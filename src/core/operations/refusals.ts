import { AppError } from '#shared/errors.ts';
import type { GatewayUserDetail } from '../gateway/gateway.ts';
import type { Caller } from './operation.ts';

/** Requests that take an e-mail alone could reach another user of the same e-mail. */
export function ambiguousEmail(user: { email: string; userId: string }): AppError {
  return new AppError({
    code: 'TARGET_AMBIGUOUS',
    message: `More than one user has the e-mail ${user.email}, and this request can only name the e-mail; nothing was sent.`,
    hint: 'Do it with the `ostor-s3-admin` line of the preview, which names the user id.',
    details: { userId: user.userId, email: user.email },
  });
}

/** Whether a user is the one whose key the console signs with. */
export function isCaller(user: GatewayUserDetail, caller: Caller): boolean {
  const own = caller.accessKeyId.toLowerCase();
  const id = user.userId.toLowerCase();
  const keys = [user.accessKeyIds, ...user.accounts.map((account) => account.accessKeyIds)].flat();
  return (id.length >= 16 && own.startsWith(id)) || keys.some((key) => key.toLowerCase() === own);
}

/** The console would lock itself out. */
export function selfLockout(what: string): AppError {
  return new AppError({
    code: 'SELF_LOCKOUT_REFUSED',
    message: `${what} is what this connection signs in with; changing it would lock the console out.`,
    hint: 'Sign in with another system user to do this; nothing was sent.',
  });
}

/** Both slots are taken. */
export function keyLimitReached(holder: string, accessKeyIds: string[], hint: string): AppError {
  return new AppError({
    code: 'KEY_LIMIT_REACHED',
    message: `${holder} holds two key pairs already, which is the most the gateway allows; nothing was sent.`,
    hint,
    details: { accessKeyIds },
  });
}

/** The target of an operation is not there. */
export function notFound(message: string): AppError {
  return new AppError({
    code: 'NOT_FOUND',
    message,
    hint: 'Refresh the list: it may have been removed or renamed by somebody else.',
  });
}
