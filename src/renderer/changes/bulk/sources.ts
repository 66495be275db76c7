import type { CallInput, CallOutput } from '#shared/contract/index.ts';

/** On what a bulk change is made, and what it changes. */
export type BulkSource = CallInput<'bulk.preview'>['source'];

/** Selected access keys. */
export type KeyReferences = Extract<BulkSource, { from: 'keys' }>['keys'];

/** Targets of a bulk change, before it is said what changes. */
export type ChosenTargets =
  | { kind: 'user'; ids: readonly string[] }
  | { kind: 'bucket'; ids: readonly string[] }
  | { kind: 'key'; keys: KeyReferences }
  | ({ kind: 'filter'; total: number; search: string | undefined } & (
      | { of: 'user'; filter: CallInput<'users.list'>['filter'] }
      | { of: 'bucket'; filter: CallInput<'buckets.list'>['filter'] }
    ));

/** What changes. */
export type BulkChange = Extract<BulkSource, { from: 'users' }>['change'];

/** A bulk run. */
export type BulkRun = CallOutput<'bulk.get'>;

/** One row of a bulk run. */
export type BulkRow = CallOutput<'bulk.rows'>['rows'][number];

/** How many targets were selected, and what they are: `12 users`. */
export function countOf(targets: ChosenTargets): {
  count: number;
  noun: 'user' | 'bucket' | 'key';
} {
  if (targets.kind === 'filter') return { count: targets.total, noun: targets.of };
  if (targets.kind === 'key') return { count: targets.keys.length, noun: 'key' };
  return { count: targets.ids.length, noun: targets.kind };
}

/**
 * The source of a change of selected targets.
 * @param change null while it is not complete; selected keys are revoked, whatever it is
 * @returns null while it is not complete
 */
export function sourceOf(targets: ChosenTargets, change: BulkChange | null): BulkSource | null {
  if (targets.kind === 'key') return { from: 'keys', keys: targets.keys };
  if (change === null) return null;
  switch (targets.kind) {
    case 'user':
      return { from: 'users', userIds: [...targets.ids], change };
    case 'bucket':
      return { from: 'buckets', names: [...targets.ids], change };
    case 'filter': {
      const search = targets.search ? { search: targets.search } : {};
      return targets.of === 'user'
        ? {
            from: 'filter',
            ...search,
            ...(targets.filter ? { filter: targets.filter } : {}),
            change,
          }
        : {
            from: 'bucketFilter',
            ...search,
            ...(targets.filter ? { filter: targets.filter } : {}),
            change,
          };
    }
  }
}
