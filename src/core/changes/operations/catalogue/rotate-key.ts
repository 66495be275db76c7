import type { KeyPair } from '../../../gateway/model/request.ts';
import { generateKeyRequest, revokeKeyRequest } from '../../../gateway/requests/keys.ts';
import { emailOf } from '../naming.ts';
import type { Operation, OperationInput } from '../operation.ts';
import { keyLimitReached, notFound } from '../refusals.ts';
import {
  type KeyHolderState,
  keyCommand,
  keyFields,
  keyHolderTarget,
  newPair,
  ofKeys,
  pairAppeared,
  pairSince,
  revocationRefusal,
  withNewKey,
} from './key-holder.ts';
import { nameOf, userImpact } from './user-state.ts';

type Input = OperationInput<'keys.rotate'>;

/** Key ids that stay beside the new one. */
function kept({ giveUp }: Input, { accessKeyIds }: KeyHolderState): string[] {
  return accessKeyIds.filter((accessKeyId) => accessKeyId !== giveUp);
}

/**
 * First step of a rotation: the new pair. The old one stays until the operator has put the new one
 * to use and revokes it. Where both slots are taken, `giveUp` names the one that is revoked first.
 */
export const rotateKey: Operation<'keys.rotate', KeyHolderState, KeyPair[]> = {
  name: 'keys.rotate',
  title: 'Rotate access key',
  destructive: false,
  destroys: ({ giveUp }) => giveUp !== undefined, // that key is cut off at once
  creates: true,
  ...ofKeys,
  describe: (input, state) => ({
    target: keyHolderTarget(input, state),
    before: keyFields(input, state.user, state.accessKeyIds),
    after: keyFields(input, state.user, withNewKey(kept(input, state))),
  }),
  refusal: (input, state, caller) => {
    const { accessKeyIds, user } = state;
    if (input.giveUp !== undefined) {
      const refusal = revocationRefusal(state, input.giveUp, caller);
      if (refusal) return refusal;
    }
    if (input.accessKeyId !== undefined && !accessKeyIds.includes(input.accessKeyId)) {
      return notFound(`${nameOf(user)} has no access key ${input.accessKeyId}.`);
    }
    if (kept(input, state).length >= 2) {
      return keyLimitReached(
        keyHolderTarget(input, state).name,
        accessKeyIds,
        'Say which of the two to give up (`giveUp`): it is revoked at once, the other stays valid until you revoke it.',
      );
    }
    return null;
  },
  impact: async ({ giveUp }, { user }, reader) =>
    giveUp === undefined ? null : { ...(await userImpact(user, reader)), keys: 1 },
  warnings: ({ giveUp }) =>
    giveUp === undefined
      ? []
      : [`Key ${giveUp} is revoked before the new one exists: whoever uses it is cut off at once.`],
  requests({ accountName, giveUp }, { naming }) {
    const email = emailOf(naming);
    const generate = generateKeyRequest(email, accountName);
    return giveUp === undefined
      ? [generate]
      : [revokeKeyRequest(email, giveUp, accountName), generate];
  },
  adminCommands: (input, state) => [
    ...(input.giveUp === undefined
      ? []
      : [keyCommand('revoke-access-key', input, state, ['-k', input.giveUp])]),
    keyCommand('gen-access-key', input, state),
  ],
  happened: ({ giveUp }, before, now, sent) =>
    pairAppeared(before.accessKeyIds, now.accessKeyIds, sent) &&
    (giveUp === undefined || !now.accessKeyIds.includes(giveUp)),
  async value(input, { before, now, sent, gateway }) {
    const pair = await newPair(input, before, now.accessKeyIds, sent, gateway);
    return { ...pair, oldAccessKeyIds: kept(input, before) };
  },
  madePair: pairSince,
};
