import type { ReactNode } from 'react';
import type { Findable } from './palette-match.ts';

/** The groups of the command palette, in the order shown. */
export const groups = [
  'On screen',
  'Recent',
  'Actions',
  'Users',
  'Buckets',
  'Accounts',
  'Access keys',
  'Customers',
  'Pages',
  'Clusters',
  'This console',
  'On this page',
] as const;

/** One thing the command palette leads to or does. */
export interface PaletteEntry extends Findable {
  id: string;
  group: (typeof groups)[number];
  description?: string;
  /** The name of the button on the page that does the same, where that is not the label. */
  button?: string | undefined;
  icon?: ReactNode;
  /** Whether the palette stays open: the entry asks for more words. */
  asksMore?: boolean;
  /** Where it leads, of what is found by a search: so that it can be among the recent ones. */
  path?: string;
  run(): void;
}
