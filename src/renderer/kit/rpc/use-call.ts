import { keepPreviousData, type UseQueryResult, useQueries, useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { CallInput, CallName, CallOutput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors.ts';
import { useConsole } from './console-context.tsx';
import { callKey } from './invalidation.ts';

export interface UseCallOptions {
  /** False: don't read yet. */
  enabled?: boolean;
  /** True: while another input is being read, the value of the one before stays on screen. */
  keepPrevious?: boolean;
  /** Asks again after this many milliseconds, for data that goes stale without an event. */
  askAgainAfter?: number;
}

/**
 * Reads a call of core and keeps it fresh by core's events. Not for writes, and not for calls that
 * reveal a secret: use `useConsole` there.
 */
export function useCall<Name extends CallName>(
  name: Name,
  input: CallInput<Name>,
  { enabled = true, keepPrevious = false, askAgainAfter }: UseCallOptions = {},
): UseQueryResult<CallOutput<Name>, AppError> {
  const call = useConsole();
  return useQuery<CallOutput<Name>, AppError>({
    queryKey: callKey(name, input),
    queryFn: ({ signal }) => call(name, input, signal),
    enabled,
    ...(askAgainAfter === undefined ? {} : { refetchInterval: askAgainAfter }),
    ...(keepPrevious ? { placeholderData: keepPreviousData } : {}),
  });
}

/** Reads one call with several inputs, each as {@link useCall} does; undefined where none is there yet. */
export function useCalls<Name extends CallName>(
  name: Name,
  inputs: readonly CallInput<Name>[],
): (CallOutput<Name> | undefined)[] {
  return useCallResults(name, inputs).map(({ data }) => data);
}

/**
 * As {@link useCalls}, with the state of each reading.
 * @param keepBy what an input is about: its last value stays while another of the same is read
 */
export function useCallResults<Name extends CallName>(
  name: Name,
  inputs: readonly CallInput<Name>[],
  keepBy?: (input: CallInput<Name>) => string,
): UseQueryResult<CallOutput<Name>, AppError>[] {
  const call = useConsole();
  // the library keeps nothing of a reading whose input changes among several
  const kept = useRef(new Map<string, CallOutput<Name>>());
  const results = useQueries({
    queries: inputs.map((input) => ({
      queryKey: callKey(name, input),
      queryFn: ({ signal }: { signal: AbortSignal }) => call(name, input, signal),
      ...(keepBy ? { placeholderData: () => kept.current.get(keepBy(input)) as never } : {}),
    })),
  }) as UseQueryResult<CallOutput<Name>, AppError>[];
  useEffect(() => {
    if (!keepBy) return;
    inputs.forEach((input, place) => {
      const { data } = results[place] ?? {};
      if (data !== undefined) kept.current.set(keepBy(input), data);
    });
  });
  return results;
}
