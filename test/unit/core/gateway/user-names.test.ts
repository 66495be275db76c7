import { beforeEach, describe, expect, it } from 'vitest';
import type { GatewayUserDetail, UserSelector } from '#core/gateway/model/gateway.ts';
import { readUserDetail, selectUser } from '#core/gateway/model/read-user.ts';
import { type SelectorName, UserNames } from '#core/gateway/user-names.ts';
import { AppError } from '#shared/errors.ts';

type Ids = 'taken' | 'refused' | 'overlooked' | 'absent';

const refused = new AppError({ code: 'REQUEST_REFUSED', message: 'No id.', hint: '', status: 400 });
const absent = new AppError({ code: 'NOT_FOUND', message: 'No user.', hint: '', status: 404 });

/** Users of a gateway that takes e-mails, of several users the first one's, and ids as set. */
class FakeUsers {
  readonly asked: string[] = [];
  ids: Ids;
  users: [userId: string, email: string][] = [];

  constructor(ids: Ids) {
    this.ids = ids;
  }

  async listUsers(): Promise<GatewayUserDetail[]> {
    this.asked.push('list');
    return this.users.map(([userId, email]) => readUserDetail(this.#json(userId, email)));
  }

  async getUser(selector: UserSelector): Promise<GatewayUserDetail> {
    this.asked.push('id' in selector ? `id ${selector.id}` : `email ${selector.email}`);
    if (!('id' in selector)) {
      const found = this.users.find(([, email]) => email === selector.email);
      if (!found) throw absent;
      return readUserDetail(selectUser(this.#json(...found), selector));
    }
    if (this.ids === 'refused') throw refused;
    if (this.ids === 'absent') throw absent;
    const listed = this.users.map(([UserId, UserEmail]) => ({ UserId, UserEmail }));
    if (this.ids === 'overlooked') return readUserDetail(selectUser(listed, selector));
    const found = this.users.find(([userId]) => userId === selector.id);
    if (!found) throw absent;
    return readUserDetail(selectUser(this.#json(...found), selector));
  }

  #json(UserId: string, UserEmail: string) {
    return { UserId, UserEmail, AWSAccessKeys: [] };
  }
}

let now = 0;
let found: readonly SelectorName[][];

function namesOf(readings: FakeUsers, listed: [string, string][], known?: SelectorName[]) {
  readings.users = [...listed];
  const directory = {
    find: async (userId: string) => {
      const email = listed.find(([id]) => id === userId)?.[1];
      if (email === undefined) return null;
      return { email, shared: listed.filter(([, other]) => other === email).length > 1 };
    },
  };
  found = [];
  return new UserNames({
    readings,
    directory,
    selectors: () => found.at(-1) ?? known,
    onSelectorsFound: (selectors) => {
      found = [...found, [...selectors]];
    },
    clock: () => new Date(now),
  });
}

beforeEach(() => {
  now = Date.now();
});

const twins: [string, string][] = [
  ['a', 'one@x'],
  ['b', 'two@x'],
  ['c', 'two@x'],
  ['d', ''],
];

describe('UserNames', () => {
  it.each(['taken', 'refused'] as const)(
    'name a user by an e-mail that is its alone, and send nothing for it (ids %s)',
    async (ids) => {
      const gateway = new FakeUsers(ids);
      const naming = await namesOf(gateway, twins).name('a');
      expect(naming).toMatchObject({ shared: false, selector: { email: 'one@x', ofId: 'a' } });
      expect(gateway.asked).toEqual([]);
    },
  );

  it('name a user of a shared e-mail, or of none, by id where ids are taken, found out once', async () => {
    const gateway = new FakeUsers('taken');
    const names = namesOf(gateway, twins);
    for (const id of ['b', 'c', 'd']) {
      expect(await names.name(id)).toMatchObject({ selector: { id } });
    }
    expect(gateway.asked).toEqual(['id b']);
    expect(found).toEqual([['emailAddress', 'id']]);
  });

  it.each(['refused', 'overlooked'] as const)(
    'have no name for a user of a shared e-mail where ids are %s',
    async (ids) => {
      const gateway = new FakeUsers(ids);
      const names = namesOf(gateway, twins);
      for (const id of ['b', 'c', 'd']) {
        expect(await names.name(id)).toMatchObject({ selector: null });
        await expect(names.selectorFor(id)).rejects.toMatchObject({
          code: 'TARGET_AMBIGUOUS',
          hint: expect.stringMatching(`\`ostor-s3-admin .*-i ${id}\\b`),
        });
      }
      expect(gateway.asked.filter((query) => query.startsWith('id'))).toEqual(['id b']);
      expect(found).toEqual([['emailAddress']]);
    },
  );

  it('ask nothing where it is known already whether ids are taken', async () => {
    const gateway = new FakeUsers('taken');
    const naming = await namesOf(gateway, twins, ['emailAddress']).name('b');
    expect([naming.selector, gateway.asked]).toEqual([null, []]);
  });

  it('show the one of two users whom the e-mail names, as the answer proves, and not the other', async () => {
    const names = namesOf(new FakeUsers('refused'), twins);
    expect((await names.find('b')).user?.userId).toBe('b');
    expect(await names.find('c')).toMatchObject({ user: null, naming: { selector: null } });
  });

  it('take an e-mail that names another user by now for nothing but a reason to read the list', async () => {
    const gateway = new FakeUsers('refused');
    const names = namesOf(gateway, [['a', 'one@x']]);
    gateway.users = [['z', 'one@x']];
    await expect(names.find('a')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    gateway.users = [
      ['z', 'one@x'],
      ['a', 'renamed@x'],
    ];
    expect(await names.find('a')).toMatchObject({
      user: { userId: 'a' },
      naming: { selector: { email: 'renamed@x', ofId: 'a' } },
    });
    gateway.users = [
      ['z', 'one@x'],
      ['a', 'one@x'],
    ];
    expect(await names.find('a')).toMatchObject({ user: null, naming: { selector: null } });
  });

  it('have the gateway list users whom nobody listed yet', async () => {
    const gateway = new FakeUsers('refused');
    const names = namesOf(gateway, []);
    gateway.users = [['n', 'new@x']];
    expect(await names.name('n')).toMatchObject({ selector: { email: 'new@x', ofId: 'n' } });
    await expect(names.name('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('prove an e-mail before a reading that does not say whose it is, and again after a while', async () => {
    const gateway = new FakeUsers('refused');
    const names = namesOf(gateway, twins);
    await names.selectorFor('a');
    await names.selectorFor('a');
    expect(gateway.asked).toEqual(['email one@x']);
    now += 60_000;
    gateway.users = [['z', 'one@x']];
    await expect(names.selectorFor('a')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('do not conclude from a user that is gone that ids are not taken', async () => {
    const names = namesOf(new FakeUsers('absent'), twins);
    await expect(names.name('b')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(found).toEqual([]);
  });
});
