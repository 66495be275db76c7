import { revokeKeyRequest } from '../../../gateway/requests/keys.ts';
import { emailOf } from '../naming.ts';
import type { Operation } from '../operation.ts';
import {
  type KeyHolderState,
  keyCommand,
  keyFields,
  keyHolderTarget,
  ofKeys,
  revocationRefusal,
} from './key-holder.ts';
import { userImpact } from './user-state.ts';

/** Takes a key pair away: whoever signs with it is refused from then on. */
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
    accessKeyIds.length === 1 ? ['This is the last key: nobody can sign in with it any more.'] : [],
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
