import type { GatewayUserDetail } from '../../../gateway/model/gateway.ts';
import type { GatewayRequest } from '../../../gateway/model/request.ts';
import { userRequest } from '../../../gateway/requests/users.ts';
import { selectorOf } from '../naming.ts';
import type { Impact, OperationTarget } from '../operation.ts';
import type { TargetReader, UserState } from '../target-reader.ts';

/** Returns what a user is called: its e-mail, or its id where it has none. */
export function nameOf({ email, userId }: Pick<GatewayUserDetail, 'email' | 'userId'>): string {
  return email || userId;
}

/** The user as target. */
export function userTarget(user: GatewayUserDetail): OperationTarget {
  return { kind: 'user', id: user.userId, name: nameOf(user) };
}

/** The request that reads a user. */
export function userReading({ naming }: Pick<UserState, 'naming'>): GatewayRequest {
  return userRequest(selectorOf(naming));
}

/** What hangs on a user: buckets and bytes as last listed, keys of the user and of its accounts. */
export async function userImpact(user: GatewayUserDetail, reader: TargetReader): Promise<Impact> {
  const { bucketCount, currentBytes } = await reader.userView(user);
  const inAccounts = user.accounts.reduce((sum, { accessKeyIds }) => sum + accessKeyIds.length, 0);
  return {
    buckets: bucketCount,
    bytes: currentBytes,
    keys: user.accessKeyIds.length + inAccounts,
  };
}
