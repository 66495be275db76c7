import { type LimitResource, limitResources } from '#shared/limit-resources.ts';
import type { Fields } from '#shared/operation-fields.ts';
import {
  clearLimitsRequest,
  limitNames,
  limitsRequest,
  setLimitRequest,
} from '../../../gateway/requests/limits.ts';
import type { TargetValue } from '../../../store/snapshot/writes/save-values.ts';
import {
  gatewayTarget,
  holderOption,
  type LimitState,
  limitFields,
  limitsOfFields,
  limitValue,
  namedTarget,
  plainDecimal,
  readLimitState,
  readLimitsBack,
  targetName,
  targetReadings,
} from './limit-state.ts';
import type { Operation, OperationInput } from './operation.ts';

type Input = OperationInput<'limits.set'>;

/** Limits as they will be. Once one is set the gateway gives all six: the others as unlimited. */
function after({ limits }: Input, state: LimitState): Record<LimitResource, string | null> {
  const before = limitFields(state.limits);
  return Object.fromEntries(
    limitResources.map((resource) => {
      const wanted = limits[resource];
      const kept = before[resource] ?? '0';
      return [resource, wanted === undefined ? kept : plainDecimal(wanted)];
    }),
  ) as Record<LimitResource, string | null>;
}

/** What has to be sent: named limits that differ, one request each. */
function toSend({ limits }: Input, state: LimitState): [LimitResource, string][] {
  const before = limitFields(state.limits);
  return limitResources.flatMap((resource) => {
    const wanted = limits[resource];
    if (wanted === undefined || before[resource] === plainDecimal(wanted)) return [];
    return [[resource, plainDecimal(wanted)] as [LimitResource, string]];
  });
}

function restoreLimits(target: Input['target'], before: Fields) {
  const limits = limitsOfFields(before);
  return Object.keys(limits).length === 0
    ? ({ operation: 'limits.clear', input: { target } } as const)
    : ({ operation: 'limits.set', input: { target, limits } } as const);
}

/** Shared by setting and clearing rate limits. @param unset whether none remain afterwards */
function ofLimits(unset: boolean) {
  type Targeted = Pick<Input, 'target'>;
  return {
    destructive: false,
    creates: false,
    topics: ['limits'] as const,
    read: readLimitState,
    readBack: readLimitsBack,
    naming: (_input: Targeted, { naming }: LimitState) => naming,
    readings: ({ target }: Targeted, state: LimitState, purpose: 'read' | 'verify') =>
      targetReadings(limitsRequest(gatewayTarget(target, state)), target, state, {
        unset: purpose === 'verify' ? unset : state.limits === null,
        purpose,
      }),
    learned: ({ target }: Targeted, { limits }: LimitState, readAt: number): TargetValue[] => [
      { part: 'limits', target: targetName(target), limits, readAt },
    ],
    value: async (_input: Targeted, { now }: { now: LimitState }) => limitValue(now.limits),
    inverse: ({ target }: Targeted, before: Fields) => restoreLimits(target, before),
  };
}

/**
 * Sets rate limits, one resource a request in the newer syntax. All six are read again afterwards:
 * a neighbour that was reset, or a value in another unit, is an error and never repaired silently.
 */
export const setLimits: Operation<'limits.set', LimitState> = {
  name: 'limits.set',
  title: 'Set rate limits',
  ...ofLimits(false),
  describe: (input, state) => ({
    target: namedTarget(input.target, state.name),
    before: limitFields(state.limits),
    after: toSend(input, state).length === 0 ? limitFields(state.limits) : after(input, state),
  }),
  wanted: ({ limits }) =>
    Object.fromEntries(
      limitResources.flatMap((resource) => {
        const value = limits[resource];
        return value === undefined ? [] : [[resource, plainDecimal(value)]];
      }),
    ),
  warnings: (input, state) =>
    state.limits === null && toSend(input, state).length > 0
      ? [
          'No limits were set so far. With the first one the gateway gives all six, the others as unlimited.',
        ]
      : [],
  requests: (input, state) =>
    toSend(input, state).map(([resource, value]) =>
      setLimitRequest(gatewayTarget(input.target, state), resource, value),
    ),
  adminCommands: ({ target, ...input }, state) =>
    toSend({ target, ...input }, state).map(([resource, value]) => {
      const { type, resource: name } = limitNames[resource];
      return {
        command: 'set-limits',
        options: [holderOption(target, state), ['-t', type], ['-L', `${name}=${value}`]],
        volume: false,
      };
    }),
};

export const clearLimits: Operation<'limits.clear', LimitState> = {
  name: 'limits.clear',
  title: 'Clear rate limits',
  ...ofLimits(true),
  describe: ({ target }, { name, limits }) => ({
    target: namedTarget(target, name),
    before: limitFields(limits),
    after: limitFields(null),
  }),
  wanted: () => limitFields(null),
  requests: ({ target }, state) => [clearLimitsRequest(gatewayTarget(target, state))],
  adminCommands: ({ target }, state) => [
    {
      command: 'rm-limits',
      options: [holderOption(target, state)],
      volume: false,
    },
  ],
  // Some gateways leave zeros behind, which are unlimited too; the value says which it is.
  happened: (_input, _before, { limits }) =>
    limits === null || Object.values(limits).every((value) => Number(value) === 0),
};
