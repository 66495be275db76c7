import type { z } from 'zod';
import type { DataTopic } from '#shared/contract/events.ts';
import {
  type CallInput,
  type CallName,
  type CallOutput,
  contract,
  type ParsedInput,
} from '#shared/contract/index.ts';
import type { impact, operationNames } from '#shared/contract/operations.ts';
import type { operationTarget } from '#shared/contract/targets.ts';
import { AppError } from '#shared/errors.ts';
import type { Fields } from '#shared/operation-fields.ts';
import type {
  Gateway,
  GatewayBucket,
  GatewayLimits,
  GatewayQuota,
  GatewayUserDetail,
  LimitTarget,
  QuotaTarget,
  UserNaming,
} from '../../../gateway/model/gateway.ts';
import type { GatewayRequest, KeyPair } from '../../../gateway/model/request.ts';
import type { TargetValue } from '../../../store/snapshot/writes/save-values.ts';
import type { AdminCommand } from './command-lines.ts';

export interface UserState {
  /** Where {@link UserNaming.selector} is null, nothing but id and e-mail is known for certain. */
  user: GatewayUserDetail;
  naming: UserNaming;
}

export interface AboutTarget {
  /** Name for the operator: e-mail or bucket name; the id if unknown. */
  name: string;
  /** Bytes stored; null for defaults and if unknown. */
  currentBytes: bigint | null;
}

/** Reads the target of an operation: from the gateway, or as last seen. */
export interface TargetReader {
  readonly source: 'gateway' | 'snapshot';
  /** When the oldest limits or quota were read that it returned from the snapshot. */
  readonly valuesAsOf?: string | undefined;
  /**
   * A user and how requests name it. Throws `NOT_FOUND`.
   * @param naming how it was named a moment ago, for reading it again
   */
  user(userId: string, naming?: UserNaming): Promise<UserState>;
  /** How requests name a user, proved by reading it. Throws `NOT_FOUND`. */
  naming(userId: string): Promise<UserNaming>;
  /** The user the gateway finds by that e-mail; null where there is none. */
  userByEmail(email: string): Promise<GatewayUserDetail | null>;
  bucketsOf(naming: UserNaming): Promise<GatewayBucket[]>;
  /** Throws `NOT_FOUND`. */
  bucket(name: string): Promise<GatewayBucket>;
  limits(target: LimitTarget): Promise<GatewayLimits>;
  quota(target: QuotaTarget): Promise<GatewayQuota>;
  about(target: QuotaTarget): Promise<AboutTarget>;
  userView(user: GatewayUserDetail): Promise<CallOutput<'users.get'>>;
  bucketView(bucket: GatewayBucket): Promise<CallOutput<'buckets.list'>['rows'][number]>;
}

export type OperationName = (typeof operationNames)[number];

type DeclaredOperation = {
  [Name in CallName]: (typeof contract)[Name] extends { operation: true } ? Name : never;
}[CallName];

/** Compiles only while the list of names and the declared operations are the same. */
type Same<Left, Right> = [Left, Right] extends [Right, Left] ? true : never;
export const everyOperationIsNamed: Same<DeclaredOperation, OperationName> = true;

export type OperationTarget = z.output<typeof operationTarget>;

export type Impact = z.output<typeof impact>;

export type OperationInput<Name extends OperationName> = ParsedInput<Name>;

type OperationValue<Name extends OperationName> = Omit<
  CallOutput<Name>,
  'verified' | 'sent' | 'journalId' | 'requestId'
>;

/** An operation with its input, ready to be run: a row of a bulk run, a change of a plan, an inverse. */
export type OperationCall = {
  [Name in OperationName]: { operation: Name; input: Omit<CallInput<Name>, 'connectionId'> };
}[OperationName];

/** The console's own user, to refuse what would lock it out. */
export interface Caller {
  accessKeyId: string;
  endpoint: string;
  /** The connection's volume, for lines that a refusal names. */
  volumeId?: string | undefined;
}

export interface MadePair {
  userId: string;
  accountName?: string;
  accessKeyId: string;
}

/** The same target before and after, as preview, journal and verification see it. */
export interface ChangeDescription {
  target: OperationTarget;
  before: Fields;
  after: Fields;
}

export interface Finished<State, Sent> {
  before: State;
  /** As read back; where reading back failed, as before. */
  now: State;
  /** What the gateway answered; undefined where no answer came. */
  sent: Sent | undefined;
  gateway: Gateway;
  reader: TargetReader;
}

/**
 * One row of the operations' description: preview, command lines, requests, the write itself, its
 * verification and its journal entry all come from it.
 */
export interface Operation<Name extends OperationName, State, Sent = void> {
  name: Name;
  /** The verb on the button: `Disable user`. */
  title: string;
  destructive: boolean;
  /** Whether it destroys, where that depends on the input; omitted: `destructive` says it. */
  destroys?(input: OperationInput<Name>): boolean;
  /** Whether sending it twice would create two items: it is never sent again, only looked for. */
  creates: boolean;
  /** What is stale after it, as in the event `data.changed`. */
  topics: readonly DataTopic[];
  /** Reads the target. For a creation: what prevents it. */
  read(input: OperationInput<Name>, reader: TargetReader): Promise<State>;
  /** Reads again after the write; omitted: `read`. For a removal, where "not found" is success. */
  readBack?(input: OperationInput<Name>, before: State, reader: TargetReader): Promise<State>;
  describe(input: OperationInput<Name>, state: State): ChangeDescription;
  /** Known fields of the state after, whatever it was before: for rows whose target was not read. */
  wanted?(input: OperationInput<Name>): Fields;
  /** Of operations on users: how their requests name the user. */
  naming?(input: OperationInput<Name>, state: State): UserNaming | null;
  /** Its requests take the e-mail alone: where that is shared they are refused. */
  namesByEmail?: boolean;
  /** Why it must not be sent, as far as is known before sending, besides what naming refuses. */
  refusal?(input: OperationInput<Name>, state: State, caller: Caller): AppError | null;
  warnings?(input: OperationInput<Name>, state: State): string[];
  /** The impact: of a user's keys and accounts only those that the input is about. */
  impact?(input: OperationInput<Name>, state: State, reader: TargetReader): Promise<Impact | null>;
  /** What `read` sends, or with `verify` what reading back sends. */
  readings(input: OperationInput<Name>, state: State, purpose: 'read' | 'verify'): GatewayRequest[];
  /** The requests that are previewed, printed as lines and sent, in this order; the last one answers. */
  requests(input: OperationInput<Name>, state: State): GatewayRequest[];
  /** The key pair that signs them in place of the connection's; fetched when they are sent. */
  signer?(
    input: OperationInput<Name>,
    state: State,
    gateway: Gateway,
  ): Promise<KeyPair | undefined>;
  adminCommands(input: OperationInput<Name>, state: State): AdminCommand[];
  /** The state this leaves behind, where a second operation on the same target builds on it. */
  advance?(input: OperationInput<Name>, state: State): State;
  /** Whether reading back shows the change; omitted: `after` is compared field by field. */
  happened?(
    input: OperationInput<Name>,
    before: State,
    now: State,
    sent: Sent | undefined,
  ): boolean;
  /** Values for the lists, from the reading after the write. */
  learned(input: OperationInput<Name>, now: State, readAt: number): TargetValue[];
  value(
    input: OperationInput<Name>,
    finished: Finished<State, Sent>,
  ): Promise<OperationValue<Name>>;
  /** What the write made, where only the answer names it. Omitted: the intent names its target. */
  madeTarget?(
    input: OperationInput<Name>,
    now: State | null,
    sent?: Sent,
  ): ChangeDescription['target'] | null;
  /**
   * The key pair that the write made, found by a later reading. Omitted: it makes none.
   * @param before the fields as the journal has them
   */
  madePair?(input: OperationInput<Name>, before: Fields, now: State): MadePair | null;
  /** The operation that restores the state before; null if there is none. */
  inverse(input: OperationInput<Name>, before: Fields): OperationCall | null;
  /** Explains a refusal of the gateway in the operation's terms. */
  explain?(error: AppError, input: OperationInput<Name>, state: State): AppError;
}

/** Returns whether an operation with this input deletes something that can't be restored at once. */
export function isDestructive<Name extends OperationName>(
  { destructive, destroys }: Pick<Operation<Name, unknown, unknown>, 'destructive' | 'destroys'>,
  input: OperationInput<Name>,
): boolean {
  return destroys?.(input) ?? destructive;
}

/** The input of an operation that came as plain data. Throws `INPUT_INVALID`. */
export function parseInput<Name extends OperationName>(
  operation: Name,
  connectionId: string,
  input: Record<string, unknown>,
): OperationInput<Name> {
  const parsed = contract[operation].input.safeParse({ ...input, connectionId });
  if (parsed.success) return parsed.data as OperationInput<Name>;
  const issues = parsed.error.issues.map(({ path, message }) => ({
    path: path.map(String),
    message,
  }));
  throw new AppError({
    code: 'INPUT_INVALID',
    message: `The input of ${operation} is not valid: ${issues
      .slice(0, 3)
      .map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`)
      .join('; ')}.`,
    hint: 'Correct the named fields; nothing was sent.',
    details: { issues },
  });
}

/** An input as plain data, for the journal and for files: 64-bit integers as decimal text. */
export function plainInput(input: object): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(input, (_key, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    ),
  ) as Record<string, unknown>;
}
