import type { ComponentType } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import type { ActionEntry, BulkEntry, SectionEntry } from '../../kit/detail/detail-entries.ts';
import { createRegistry } from '../../kit/registry.ts';
import type { UserRow } from './columns.tsx';

/** A user as the detail shows it. */
export type User = CallOutput<'users.get'>;

/**
 * Sections of the user's detail, panel and page alike. Orders: 10 keys, 20 buckets, 30 quota and limits,
 * 40 usage, 50 accounts, 60 history.
 */
export const userSections = createRegistry<SectionEntry<User>>();

/** What an action on one user knows of it: rows of the list and the detail alike have it. */
export type UserSubject = Pick<UserRow, 'userId' | 'email' | 'state' | 'flags'>;

/** Actions on one user, in its detail and on its row. */
export const userActions = createRegistry<ActionEntry<UserSubject>>();

/** Actions on the users chosen in the list. */
export const userBulkActions = createRegistry<BulkEntry<UserRow>>();

/** The Users page's primary action; the lowest order is shown. */
export const userListAction = createRegistry<{
  id: string;
  order: number;
  Component: ComponentType;
}>();
