import type { CallInput, CallName } from '#shared/contract/index.ts';

/** Scope of calls that belong to no cluster. */
export const consoleScope = 'console';

/** A query's key: which connection, which call, with what. Invalidation goes by the first two. */
export type CallKey<Name extends CallName = CallName> = readonly [
  scope: string,
  name: Name,
  input: CallInput<Name>,
];

/** The key under which the value of this call is cached. */
export function callKey<Name extends CallName>(name: Name, input: CallInput<Name>): CallKey<Name> {
  const scope =
    'connectionId' in input && typeof input.connectionId === 'string'
      ? input.connectionId
      : consoleScope;
  return [scope, name, input];
}
