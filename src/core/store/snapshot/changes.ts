import type { DatabaseSync } from 'node:sqlite';
import type { WithoutFirst } from '../sqlite/worker-server.ts';
import { forgetBucket, forgetUser } from './writes/forget.ts';
import { type ReadUser, saveUsers } from './writes/save-user.ts';

/** Every change of single rows a snapshot takes; a new one is a line here. */
export const snapshotChanges = {
  /** Keeps a user read from the gateway at a time (ms since the epoch): row, key ids, accounts, no secret. */
  saveUser: (database: DatabaseSync, { user, readAt }: ReadUser) =>
    saveUsers(database, [{ user, readAt }]),
  /** The same for many at once: the list is counted once. */
  saveUsers: (database: DatabaseSync, users: readonly ReadUser[]) => saveUsers(database, users),
  /** Forgets a user the gateway no longer has, before the next refresh does. */
  forgetUser: (database: DatabaseSync, userId: string) => forgetUser(database, userId),
  /** Forgets a bucket the gateway no longer has, before the next refresh does. */
  forgetBucket: (database: DatabaseSync, name: string) => forgetBucket(database, name),
};

/** The changes as they are asked for from outside. */
export type SnapshotChanges = WithoutFirst<typeof snapshotChanges>;
