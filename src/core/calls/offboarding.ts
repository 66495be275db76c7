import type { HandlersOf } from '#shared/contract/index.ts';
import type { Offboarding } from '../customers/offboarding/offboarding.ts';

export function offboardingHandlers({
  offboarding,
}: {
  offboarding: Offboarding;
}): HandlersOf<'offboarding'> {
  return {
    'offboarding.open': (input) => offboarding.open(input),
    'offboarding.get': ({ offboardingId }) => offboarding.get(offboardingId),
    'offboarding.list': (query) => offboarding.list(query),
    'offboarding.run': async (input) => ({ taskId: await offboarding.run(input) }),
    'offboarding.skip': (input) => offboarding.skip(input),
    'offboarding.cancel': ({ offboardingId }) => offboarding.cancel(offboardingId),
  };
}
