import { AppError } from '#shared/errors.ts';
import type { GatewayUserDetail } from '../../gateway/model/gateway.ts';
import type { Caller } from './operation.ts';

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
