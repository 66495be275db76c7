import type { HandlersOf } from '#shared/contract/index.ts';
import type { Attention } from '../attention/attention.ts';
import type { Digests } from '../attention/digests.ts';

export function signalsHandlers({
  attention,
  digests,
}: {
  attention: Attention;
  digests: Digests;
}): HandlersOf<'signals'> {
  return {
    'signals.list': (input) => attention.list(input),
    'signals.snooze': (input) => attention.snooze(input),
    'signals.clusters': () => attention.glances(),
    'signals.thresholds': ({ connectionId }) => attention.thresholds(connectionId),
    'signals.setThresholds': ({ connectionId, ...thresholds }) =>
      attention.setThresholds(connectionId, thresholds),
    'signals.digest': () => digests.settings(),
    'signals.setDigest': (input) => digests.save(input),
    'signals.removeDigest': () => digests.remove(),
    'signals.sendDigest': (input) => digests.send(input),
  };
}
