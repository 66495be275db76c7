import type { GatewayUserDetail } from '../../gateway/gateway.ts';
import type { ManagementRequest } from '../management-request.ts';
import type { Impact, OperationTarget } from '../operation.ts';
import type { TargetReader } from '../target-reader.ts';

/** A user as read for an operation whose request names the user by e-mail. */
export interface UserState {
  user: GatewayUserDetail;
  /** Whether the gateway could take another user for this one. */
  sharesEmail: boolean;
}

/** Reads a user and whether its e-mail is its own. */
export async function readUserState(userId: string, reader: TargetReader): Promise<UserState> {
  const user = await reader.user(userId);
  return { user, sharesEmail: await reader.sharesEmail(user) };
}

/** The user as target. */
export function userTarget(user: GatewayUserDetail): OperationTarget {
  return { kind: 'user', id: user.userId, name: user.email };
}

/** What {@link readUserState} sends; reading back needs the user alone. */
export function userStateReadings(
  { user }: UserState,
  purpose: 'read' | 'verify',
): ManagementRequest[] {
  const get = { method: 'GET', service: 'ostor-users' } as const;
  const byId: ManagementRequest = { ...get, parameters: [['id', user.userId]] };
  if (purpose === 'verify') return [byId];
  return [byId, { ...get, parameters: [['emailAddress', user.email]] }];
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
