import { describe, expect, it } from 'vitest';
import { UserTable } from '#simulator/state/user-table.ts';

function tableWith(...emails: string[]) {
  const table = new UserTable(1, () => 0);
  const users = emails.map((email) => {
    const id = table.newId();
    const keys = [table.newKey(id, [])];
    return { id, email, enabled: true, system: false, keys, accounts: [] };
  });
  for (const user of users) table.put(user);
  return { table, users };
}

describe('UserTable', () => {
  it('finds users by id, e-mail and the keys of their accounts', () => {
    const { table, users } = tableWith('a@x.example', 'b@x.example');
    const [, second] = users;
    if (second === undefined) throw new Error('no user');
    const key = table.newKey(second.id, second.keys);
    table.put({ ...second, accounts: [{ name: 'ci', keys: [key] }] });
    expect(table.withEmail('b@x.example')?.id).toBe(second.id);
    expect(table.withKey(key)?.id).toBe(second.id);
    expect(table.withKey(second.keys[0] ?? '')?.id).toBe(second.id);
    expect(table.withKey(`${second.id}0000`)).toBeUndefined();
    expect(table.byId.size).toBe(2);
  });

  it('keeps two users of one e-mail apart', () => {
    const { table, users } = tableWith('a@x.example', 'a@x.example');
    const [first, second] = users;
    if (first === undefined) throw new Error('no user');
    expect(table.withEmail('a@x.example')).toBe(first);
    table.remove(first);
    expect(table.withEmail('a@x.example')).toBe(second);
    expect(table.readWithEmail('b@x.example')).toBeUndefined();
  });

  it('derives secrets from the seed and the key', () => {
    const { table } = tableWith();
    expect(table.secretOf('k1')).toHaveLength(40);
    expect(table.secretOf('k1')).toBe(new UserTable(1, () => 0).secretOf('k1'));
    expect(table.secretOf('k1')).not.toBe(table.secretOf('k2'));
    expect(table.secretOf('k1')).not.toBe(new UserTable(2, () => 0).secretOf('k1'));
  });
});
