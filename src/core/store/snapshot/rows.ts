import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';

type WithoutConnection<Input> = Omit<Input, 'connectionId'>;

/** What a list is asked for. */
export type UserQuery = WithoutConnection<ParsedInput<'users.list'>>;
/** What a list is asked for. */
export type BucketQuery = WithoutConnection<ParsedInput<'buckets.list'>>;
/** A user as last seen; keys and accounts where they were ever read. */
export type SnapshotUser = Omit<CallOutput<'users.get'>, 'source'>;
/** A bucket as last seen. */
export type SnapshotBucket = Omit<CallOutput<'buckets.get'>, 'source'>;
