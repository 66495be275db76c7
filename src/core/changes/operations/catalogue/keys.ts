import type { KeyPair } from '../../../gateway/model/request.ts';
import { generateKeyRequest, revokeKeyRequest } from '../../../gateway/requests/users.ts';
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
import { emailOf, keyLimitReached, nameOf, targetMissing, userImpact } from './naming.ts';
import type { Operation, OperationInput } from './operation.ts';

/** A new key pair of a user or an account. The third is refused before it is sent. */
export const generateKey: Operation<'keys.generate', KeyHolderState, KeyPair[]> = {
  name: 'keys.generate',
  title: 'Generate access key',
  destructive: false,
  creates: true,
  ...ofKeys,
  describe: (input, state) => ({
    target: keyHolderTarget(input, state),
    before: keyFields(input, state.user, state.accessKeyIds),
    after: keyFields(input, state.user, withNewKey(state.accessKeyIds)),
  }),
  refusal: (input, state) =>
    state.accessKeyIds.length >= 2
      ? keyLimitReached(
          keyHolderTarget(input, state).name,
          state.accessKeyIds,
          'Revoke one of the two first, or rotate and name the one to revoke.',
        )
      : null,
  requests: ({ accountName }, { naming }) => [generateKeyRequest(emailOf(naming), accountName)],
  adminCommands: (input, state) => [keyCommand('gen-access-key', input, state)],
  advance: (_input, state) => ({ ...state, accessKeyIds: withNewKey(state.accessKeyIds) }),
  happened: (_input, before, now, sent) =>
    pairAppeared(before.accessKeyIds, now.accessKeyIds, sent),
  value: (input, { before, now, sent, gateway }) =>
    newPair(input, before, now.accessKeyIds, sent, gateway),
  madePair: pairSince,
};

/** Revokes a key pair: requests signed with it are refused from then on. */
export const revokeKey: Operation<'keys.revoke', KeyHolderState> = {
  name: 'keys.revoke',
  title: 'Revoke access key',
  destructive: true,
  creates: false,
  ...ofKeys,
  describe: (input, state) => ({
    target: keyHolderTarget(input, state),
    before: keyFields(input, state.user, state.accessKeyIds),
    after: keyFields(
      input,
      state.user,
      state.accessKeyIds.filter((accessKeyId) => accessKeyId !== input.accessKeyId),
    ),
  }),
  refusal: ({ accessKeyId }, state, caller) => revocationRefusal(state, accessKeyId, caller),
  warnings: (_input, { accessKeyIds }) =>
    accessKeyIds.length === 1 ? ['This is the last key: nobody will be able to sign in.'] : [],
  impact: async (_input, { user }, reader) => ({ ...(await userImpact(user, reader)), keys: 1 }),
  requests: ({ accountName, accessKeyId }, { naming }) => [
    revokeKeyRequest(emailOf(naming), accessKeyId, accountName),
  ],
  adminCommands: (input, state) => [
    keyCommand('revoke-access-key', input, state, ['-k', input.accessKeyId]),
  ],
  advance: ({ accessKeyId }, state) => ({
    ...state,
    accessKeyIds: state.accessKeyIds.filter((held) => held !== accessKeyId),
  }),
  happened: ({ accessKeyId }, _before, now) => !now.accessKeyIds.includes(accessKeyId),
  value: async ({ accessKeyId }) => ({ accessKeyId }),
};

type Input = OperationInput<'keys.rotate'>;

/** Key ids that stay next to the new one. */
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
      return targetMissing(`${nameOf(user)} has no access key ${input.accessKeyId}.`);
    }
    if (kept(input, state).length >= 2) {
      return keyLimitReached(
        keyHolderTarget(input, state).name,
        accessKeyIds,
        'Say which of the two to revoke (`giveUp`): it is revoked at once, the other stays valid until you revoke it.',
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
  advance: (input, state) => ({ ...state, accessKeyIds: withNewKey(kept(input, state)) }),
  happened: ({ giveUp }, before, now, sent) =>
    pairAppeared(before.accessKeyIds, now.accessKeyIds, sent) &&
    (giveUp === undefined || !now.accessKeyIds.includes(giveUp)),
  async value(input, { before, now, sent, gateway }) {
    const pair = await newPair(input, before, now.accessKeyIds, sent, gateway);
    return { ...pair, oldAccessKeyIds: kept(input, before) };
  },
  madePair: pairSince,
};
