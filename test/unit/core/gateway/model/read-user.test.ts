import { describe, expect, it } from 'vitest';
import {
  readKeyPairs,
  readUser,
  readUserDetail,
  readUserList,
  selectUser,
} from '#core/gateway/model/read-user.ts';

const entry = {
  UserEmail: 'user@example.com',
  UserId: 'a14040e0b2ef8b28',
  State: 'enabled',
  OwnerId: '0000000000000000',
};
const read = {
  userId: 'a14040e0b2ef8b28',
  email: 'user@example.com',
  state: 'enabled',
  ownerId: '0000000000000000',
  flags: [],
};

describe('readUserList', () => {
  it.each([
    ['a bare array', [entry]],
    ['Users', { Users: [entry] }],
    ['users', { users: [entry] }],
  ])('takes %s', (_shape, json) => {
    expect(readUserList(json)).toEqual([{ ...read, flagsUnknown: true }]);
  });

  it('leaves the secrets of the oldest lists behind', () => {
    const key = { AWSAccessKeyId: 'a14040e0b2ef8b28FZZ8', AWSSecretAccessKey: 'never-kept' };
    const users = readUserList([{ ...entry, AWSAccessKeys: [key] }]);
    expect(JSON.stringify(users)).not.toContain('never-kept');
  });

  it.each([[null], ['text'], [{ Buckets: [] }], [[{ id: 1 }]], [[null]]])('refuses %j', (json) => {
    expect(() => readUserList(json)).toThrow(expect.objectContaining({ code: 'ANSWER_FOREIGN' }));
  });
});

describe('readUser', () => {
  it.each([
    ['enabled', 'enabled'],
    ['Disabled', 'disabled'],
    [undefined, 'unknown'],
    ['suspended', 'unknown'],
  ])('reads the state %s as %s', (State, state) => {
    expect(readUser({ ...entry, State }).state).toBe(state);
  });

  it.each([
    [['system'], ['system']],
    ['system', ['system']],
    ['none', []],
    [undefined, []],
  ])('reads the flags %j', (Flags, flags) => {
    expect(readUser({ ...entry, Flags }).flags).toEqual(flags);
  });
});

describe('readUserDetail', () => {
  const detail = {
    ...entry,
    Flags: [],
    AWSAccessKeys: [{ AWSAccessKeyId: 'key1', AWSSecretAccessKey: 'hidden1' }],
    AccountCount: '2',
    Accounts: [
      {
        Name: 'account1',
        AWSAccessKeys: [{ AWSAccessKeyId: 'key2', AWSecretAccessKey: 'hidden2' }],
      },
      { Name: 'account2', AWSAccessKeys: [] },
    ],
  };

  it.each([
    ['as the guide has it', detail],
    ['as a list of one', [detail]],
    ['as Users of one', { Users: [detail] }],
  ])('keeps ids and drops secrets, %s', (_shape, json) => {
    const user = readUserDetail(selectUser(json, { id: entry.UserId }));
    expect(user).toEqual({
      ...read,
      accessKeyIds: ['key1'],
      accounts: [
        { name: 'account1', accessKeyIds: ['key2'] },
        { name: 'account2', accessKeyIds: [] },
      ],
    });
    expect(JSON.stringify(user)).not.toContain('hidden');
  });

  it('takes the three fields of the oldest gateways', () => {
    const { UserEmail, UserId } = entry;
    expect(readUserDetail({ UserEmail, UserId, AWSAccessKeys: [] })).toMatchObject({
      userId: UserId,
      state: 'unknown',
      accounts: [],
    });
  });
});

describe('readKeyPairs', () => {
  it("takes the guide's other spelling of the secret", () => {
    expect(
      readKeyPairs({ AWSAccessKeys: [{ AWSAccessKeyId: 'key', AWSecretAccessKey: 'secret' }] }),
    ).toEqual([{ accessKeyId: 'key', secretAccessKey: 'secret' }]);
  });

  it('takes one pair, and one account, that come without a list around them', () => {
    const key = (id: string) => ({ AWSAccessKeyId: id, AWSSecretAccessKey: 'secret' });
    const Accounts = { Name: 'backup', AWSAccessKeys: key('second') };
    expect(readUserDetail({ ...entry, AWSAccessKeys: key('first'), Accounts })).toMatchObject({
      accessKeyIds: ['first'],
      accounts: [{ name: 'backup', accessKeyIds: ['second'] }],
    });
  });
});
