import type { KeyPair } from '../../../gateway/model/request.ts';
import { generateKeyRequest } from '../../../gateway/requests/keys.ts';
import { emailOf } from '../naming.ts';
import type { Operation } from '../operation.ts';
import { keyLimitReached } from '../refusals.ts';
import {
  type KeyHolderState,
  keyCommand,
  keyFields,
  keyHolderTarget,
  newPair,
  ofKeys,
  pairAppeared,
  pairSince,
  withNewKey,
} from './key-holder.ts';

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
          'Revoke one of the two first, or rotate and say which one to give up.',
        )
      : null,
  requests: ({ accountName }, { naming }) => [generateKeyRequest(emailOf(naming), accountName)],
  adminCommands: (input, state) => [keyCommand('gen-access-key', input, state)],
  happened: (_input, before, now, sent) =>
    pairAppeared(before.accessKeyIds, now.accessKeyIds, sent),
  value: (input, { before, now, sent, gateway }) =>
    newPair(input, before, now.accessKeyIds, sent, gateway),
  madePair: pairSince,
};
