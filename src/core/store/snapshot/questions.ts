import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import type { WithoutFirst } from '../sqlite/worker-server.ts';
import type { BucketLists } from './queries/bucket-lists.ts';
import { findBuckets, findUsers, oldKeys } from './queries/find-targets.ts';
import {
  type PendingQuery,
  pendingTargets,
  readInventoryFacts,
  remainingTargets,
} from './queries/inventory-progress.ts';
import { type KeyQuery, listKeys } from './queries/key-lists.ts';
import { type GridQuery, listGrid, readUserBounds, readValues } from './queries/limit-grid.ts';
import { readOverview } from './queries/read-overview.ts';
import {
  readKinds,
  readSharedEmails,
  readSnapshotUser,
  type UserKinds,
} from './queries/read-snapshot-user.ts';
import type { SnapshotSummary } from './queries/read-summary.ts';
import { readSizePage, type SizePage, type SizePageQuery } from './queries/size-pages.ts';
import type { UserLists } from './queries/user-lists.ts';
import type { BucketQuery, SnapshotBucket, SnapshotUser, UserQuery } from './rows.ts';
import type { TargetName } from './writes/save-values.ts';

/** An open snapshot file with everything that is prepared for it. */
export interface OpenFile {
  database: DatabaseSync;
  /** The file's number on its disk: another one at its path was put there by another process. */
  inode: bigint;
  /** When the data was fetched and how much it is; null before the first refresh. */
  summary: SnapshotSummary | null;
  users: UserLists;
  buckets: BucketLists;
  sharedEmails?: ReadonlySet<string>;
}

/** Every question a snapshot answers; a new one is a line here. */
export const snapshotQuestions = {
  summary: ({ summary }: OpenFile) => summary,
  overview: (file: OpenFile): CallOutput<'sync.overview'> => ({
    asOf: asOf(file),
    ...readOverview(file.database, file.buckets),
  }),
  users: (file: OpenFile, query: UserQuery): CallOutput<'users.list'> => ({
    ...file.users.list(query),
    asOf: asOf(file),
  }),
  buckets: (file: OpenFile, query: BucketQuery): CallOutput<'buckets.list'> => ({
    ...file.buckets.list(query),
    asOf: asOf(file),
  }),
  user: ({ database, summary }: OpenFile, userId: string): SnapshotUser | null => {
    const user = summary && readSnapshotUser(database, userId);
    return user ? { ...user, asOf: summary.asOf } : null;
  },
  /** The e-mail of a user, and whether another user was listed with it; null where it was not listed. */
  nameOf: (file: OpenFile, userId: string): { email: string; shared: boolean } | null => {
    const row = file.database.prepare('SELECT email FROM user WHERE user_id = ?').get(userId);
    if (!row) return null;
    // Looked for once a file: a refresh brings the next.
    file.sharedEmails ??= readSharedEmails(file.database);
    const email = String(row.email);
    return { email, shared: file.sharedEmails.has(email) };
  },
  kinds: ({ database }: OpenFile, userIds: readonly string[]): UserKinds =>
    readKinds(database, userIds),
  bucket: ({ buckets, summary }: OpenFile, name: string): SnapshotBucket | null => {
    const bucket = summary && buckets.get(name);
    return bucket ? { ...bucket, asOf: summary.asOf } : null;
  },
  /** Sizes of users or buckets, a part at a time; null before the first refresh. */
  sizePage: ({ database, summary }: OpenFile, query: SizePageQuery): SizePage | null =>
    summary && readSizePage(database, summary.asOf, query),
  keys: ({ database }: OpenFile, query: KeyQuery) => listKeys(database, query),
  /** Keys of these users first seen before a time, and of how many of the users none were ever read. */
  oldKeys: ({ database }: OpenFile, input: { userIds: string[]; before: number }) =>
    oldKeys(database, input),
  limitGrid: ({ database }: OpenFile, query: GridQuery) => listGrid(database, query),
  userBounds: ({ database }: OpenFile) => readUserBounds(database),
  limitsAndQuota: ({ database }: OpenFile, target: TargetName) => readValues(database, target),
  findUsers: ({ database }: OpenFile, input: { emails: string[]; ids: string[] }) =>
    findUsers(database, input),
  findBuckets: ({ database }: OpenFile, names: string[]) => findBuckets(database, names),
  inventory: ({ database }: OpenFile) => readInventoryFacts(database),
  pendingTargets: ({ database }: OpenFile, input: PendingQuery) => pendingTargets(database, input),
  remainingTargets: ({ database }: OpenFile) => remainingTargets(database),
};

/** The questions as they are asked from outside. */
export type SnapshotQuestions = WithoutFirst<typeof snapshotQuestions>;

function asOf({ summary }: OpenFile): string | null {
  return summary?.asOf ?? null;
}
