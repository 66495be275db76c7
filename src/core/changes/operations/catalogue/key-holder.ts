import type { AppError } from '#shared/errors.ts';
import type { Fields } from '#shared/operation-fields.ts';
import type { Gateway, GatewayUserDetail, UserSelector } from '../../../gateway/model/gateway.ts';
import type { KeyPair } from '../../../gateway/model/request.ts';
import type { TargetValue } from '../../../store/snapshot/writes/save-values.ts';
import type { AdminCommand } from './command-lines.ts';
import { chosenByGateway } from './fields.ts';
import { isCaller, nameOf, selectorOf, selfLockout, targetMissing, userReading } from './naming.ts';
import type { Caller, MadePair, OperationTarget, TargetReader, UserState } from './operation.ts';

/** Whose keys: a user's own, or with `accountName` those of one of its accounts. */
interface KeyHolderInput {
  userId: string;
  accountName?: string | undefined;
}

export interface KeyHolderState extends UserState {
  accessKeyIds: string[];
}

/** Key ids a user or one of its accounts holds; null where there is no such account. */
export function keysHeld(user: GatewayUserDetail, accountName?: string): string[] | null {
  if (accountName === undefined) return user.accessKeyIds;
  return user.accounts.find(({ name }) => name === accountName)?.accessKeyIds ?? null;
}

/** Reads the holder of keys. Throws `NOT_FOUND` where user or account is not there. */
export async function readKeyHolder(
  { userId, accountName }: KeyHolderInput,
  reader: TargetReader,
): Promise<KeyHolderState> {
  const state = await reader.user(userId);
  const accessKeyIds = keysHeld(state.user, accountName);
  if (accessKeyIds === null && state.naming.selector === null)
    return { ...state, accessKeyIds: [] };
  if (accessKeyIds === null) {
    throw targetMissing(`User ${nameOf(state.user)} has no account "${accountName}".`);
  }
  return { ...state, accessKeyIds };
}

async function readKeyHolderBack(
  { userId, accountName }: KeyHolderInput,
  _before: KeyHolderState,
  reader: TargetReader,
): Promise<KeyHolderState> {
  const state = await reader.user(userId);
  return { ...state, accessKeyIds: keysHeld(state.user, accountName) ?? [] };
}

export const ofKeys = {
  topics: ['users', 'keys'] as const,
  read: readKeyHolder,
  readBack: readKeyHolderBack,
  naming: (_input: KeyHolderInput, { naming }: KeyHolderState) => naming,
  namesByEmail: true,
  readings: (_input: KeyHolderInput, state: KeyHolderState) => [userReading(state)],
  learned: (_input: KeyHolderInput, { user }: KeyHolderState, readAt: number): TargetValue[] => [
    { part: 'keys', user, readAt },
  ],
  inverse: () => null, // a key that is gone can't come back, and a new one is another
};

export function keyHolderTarget(
  { accountName }: KeyHolderInput,
  { user }: KeyHolderState,
): OperationTarget {
  if (accountName === undefined) return { kind: 'user', id: user.userId, name: nameOf(user) };
  return { kind: 'account', id: user.userId, name: `${accountName} of ${nameOf(user)}` };
}

export function keyFields(
  { accountName }: KeyHolderInput,
  user: GatewayUserDetail,
  accessKeyIds: readonly string[],
): Fields {
  return {
    email: user.email,
    ...(accountName === undefined ? {} : { account: accountName }),
    keys: accessKeyIds.length === 0 ? null : accessKeyIds.join(', '),
  };
}

export function withNewKey(accessKeyIds: readonly string[]): string[] {
  return [...accessKeyIds, chosenByGateway];
}

export function keyCommand(
  command: string,
  { accountName }: KeyHolderInput,
  { user }: KeyHolderState,
  ...more: [option: string, value: string][]
): AdminCommand {
  // The guide revokes the key of an account by its id alone, without naming the account.
  const named = accountName !== undefined && command !== 'revoke-access-key';
  const account: [string, string][] = named ? [['-n', accountName]] : [];
  return { command, options: [...account, ['-i', user.userId], ...more] };
}

export function revocationRefusal(
  { user, accessKeyIds }: KeyHolderState,
  accessKeyId: string,
  caller: Caller,
): AppError | null {
  if (isCaller(user, caller)) return selfLockout(`User ${nameOf(user)}`);
  if (!accessKeyIds.includes(accessKeyId)) {
    return targetMissing(`${nameOf(user)} has no access key ${accessKeyId}.`);
  }
  return null;
}

/**
 * The pair that was made: from the answer where there was one, else by comparing the key ids before
 * and after, its secret then fetched once.
 */
export async function newPair(
  { accountName }: KeyHolderInput,
  before: KeyHolderState,
  now: readonly string[],
  sent: readonly KeyPair[] | undefined,
  gateway: Gateway,
): Promise<{ accessKeyId: string; secretAccessKey: string | null }> {
  const answered = sent?.find(({ accessKeyId }) => !before.accessKeyIds.includes(accessKeyId));
  if (answered && answered.secretAccessKey !== '') return answered;
  const accessKeyId = answered?.accessKeyId ?? addedKeys(before.accessKeyIds, now)[0];
  if (accessKeyId === undefined) throw targetMissing('The new key pair could not be found.');
  return revealed({ user: selectorOf(before.naming), accountName }, accessKeyId, gateway);
}

/** A pair whose id is known, with its secret where the gateway gives it. */
export async function revealed(
  { user, accountName }: { user: UserSelector; accountName?: string | undefined },
  accessKeyId: string,
  gateway: Gateway,
): Promise<{ accessKeyId: string; secretAccessKey: string | null }> {
  try {
    return await gateway.revealKey(user, accessKeyId, accountName);
  } catch {
    return { accessKeyId, secretAccessKey: null }; // it can be revealed later; the pair exists
  }
}

function addedKeys(before: readonly string[], now: readonly string[]): string[] {
  return now.filter((accessKeyId) => !before.includes(accessKeyId));
}

/** The one pair that appeared since a holder's keys were recorded. */
export function pairSince(
  { userId, accountName }: KeyHolderInput,
  before: Fields,
  { accessKeyIds }: KeyHolderState,
): MadePair | null {
  const [accessKeyId, another] = addedKeys(before.keys?.split(', ') ?? [], accessKeyIds);
  if (accessKeyId === undefined || another !== undefined) return null;
  return { userId, accessKeyId, ...(accountName === undefined ? {} : { accountName }) };
}

/** Returns whether the answered pair is there now; without an answer, whether exactly one pair came. */
export function pairAppeared(
  before: readonly string[],
  now: readonly string[],
  sent: readonly KeyPair[] | undefined,
): boolean {
  const added = addedKeys(before, now);
  const answered = sent?.find(({ accessKeyId }) => !before.includes(accessKeyId));
  return answered ? added.includes(answered.accessKeyId) : added.length === 1;
}
