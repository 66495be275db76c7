import { clearLimitsRequest, limitsRequest } from '../../../gateway/requests/limits.ts';
import type { Operation } from '../operation.ts';
import {
  gatewayTarget,
  holderOption,
  type LimitState,
  limitFields,
  limitValue,
  namedTarget,
  readLimitState,
  readLimitsBack,
  targetName,
  targetReadings,
} from './limit-state.ts';
import { restoreLimits } from './set-limits.ts';

/** Takes every rate limit of a user or bucket away. */
export const clearLimits: Operation<'limits.clear', LimitState> = {
  name: 'limits.clear',
  title: 'Clear rate limits',
  destructive: false,
  creates: false,
  topics: ['limits'],
  read: readLimitState,
  readBack: readLimitsBack,
  describe: ({ target }, { name, limits }) => ({
    target: namedTarget(target, name),
    before: limitFields(limits),
    after: limitFields(null),
  }),
  wanted: () => limitFields(null),
  naming: (_input, { naming }) => naming,
  readings: ({ target }, state, purpose) => {
    const unset = purpose === 'verify' || state.limits === null;
    return targetReadings(limitsRequest(gatewayTarget(target, state)), target, state, {
      unset,
      purpose,
    });
  },
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
  learned: ({ target }, { limits }, readAt) => [
    { part: 'limits', target: targetName(target), limits, readAt },
  ],
  value: async (_input, { now }) => limitValue(now.limits),
  inverse: ({ target }, before) => restoreLimits(target, before),
};
