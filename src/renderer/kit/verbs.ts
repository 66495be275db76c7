import type { TablerIcon } from '@tabler/icons-react';
import type { NavigateFunction } from 'react-router';
import type { Connection } from './cluster-context.tsx';
import { createRegistry } from './registry.ts';

/** What a verb is done to; null: to the cluster as a whole. */
export type VerbTarget =
  | { kind: 'user'; userId: string; email: string }
  | { kind: 'bucket'; name: string }
  | null;

/** One thing the command palette can do. */
export interface Verb {
  id: string;
  order: number;
  /** `Disable user`; the palette adds the target's name. */
  label: string;
  icon: TablerIcon;
  /** Further words it is found by. */
  keywords?: string;
  /** Which targets it applies to. */
  target: 'user' | 'bucket' | 'cluster';
  run(context: { target: VerbTarget; cluster: Connection; navigate: NavigateFunction }): void;
}

/** The verbs of the command palette; pages add theirs. */
export const verbs = createRegistry<Verb>();
