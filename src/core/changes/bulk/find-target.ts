import { emailAddress } from '#shared/contract/targets.ts';
import { comparable, withoutInvisible } from '#shared/plain-text.ts';
import type { Snapshot } from '../../store/snapshot/snapshot.ts';

export type TableTarget = { user: string } | { bucket: string } | { newUser: string };
export type TargetColumn = (typeof targetColumns)[number];
type TargetCells = ReadonlyMap<string, string>;

/** A target with its name for the operator, or why there is none. */
export type FoundTarget =
  | { target: TableTarget; name: string }
  | { column: TargetColumn | 'create_user'; message: string; several?: true };

type FindTarget = (cells: TargetCells) => FoundTarget;

const nameIn = (cells: TargetCells, column: TargetColumn): string =>
  withoutInvisible(cells.get(column) ?? '');

/** Looks up the targets of a table in the snapshot, all at once. The id takes precedence. */
export async function targetFinder(
  selectors: readonly TargetColumn[],
  lines: readonly TargetCells[],
  snapshot: Snapshot,
): Promise<FindTarget> {
  const named = (column: TargetColumn): string[] => lines.map((cells) => nameIn(cells, column));
  if (selectors.includes('bucket')) return bucketFinder(named('bucket'), snapshot);
  const ids = selectors.includes('id') ? named('id').map((id) => id.toLowerCase()) : [];
  const emails = selectors.includes('email') ? named('email') : [];
  const users = await snapshot.ask('findUsers', { emails, ids });
  const byId = new Map(users.map(({ userId, email }) => [userId, email]));
  const find = emailFinder(users);
  return (cells) => {
    const id = nameIn(cells, 'id').toLowerCase();
    const email = nameIn(cells, 'email');
    if (!selectors.includes('id') || (id === '' && email !== '')) return find(email);
    const known = byId.get(id);
    if (known === undefined) return { column: 'id', message: whyNoUser(nameIn(cells, 'id')) };
    if (email !== '' && comparable(email) !== comparable(known)) {
      const whose = known === '' ? 'a user without e-mail' : `"${known}"`;
      return { column: 'email', message: `The id ${id} belongs to ${whose}, not to "${email}".` };
    }
    return { target: { user: id }, name: selectors.includes('email') && known ? known : id };
  };
}

/** The target of a line that creates a user: an e-mail that nobody has. */
export function newUserIn(cells: TargetCells, find: FindTarget): FoundTarget {
  const email = nameIn(cells, 'email');
  if (nameIn(cells, 'id') !== '' || nameIn(cells, 'bucket') !== '') {
    return {
      column: 'create_user',
      message: 'A user that is created is named by its e-mail alone.',
    };
  }
  const { success, data } = emailAddress.safeParse(email);
  if (!success) return { column: 'email', message: `"${email}" is no e-mail address.` };
  const there = find(cells);
  if ('target' in there || there.several) {
    return { column: 'create_user', message: `A user with the e-mail "${email}" exists already.` };
  }
  return { target: { newUser: data }, name: data };
}

async function bucketFinder(names: string[], snapshot: Snapshot): Promise<FindTarget> {
  const asked = [...new Set(names.flatMap((name) => [name, name.normalize('NFC')]))];
  const known = new Set(await snapshot.ask('findBuckets', asked));
  return (cells) => {
    const name = nameIn(cells, 'bucket');
    const found = [name, name.normalize('NFC')].find((one) => known.has(one));
    if (found === undefined) return { column: 'bucket', message: missing(name, 'bucket') };
    return { target: { bucket: found }, name: found };
  };
}

function emailFinder(
  users: readonly { userId: string; email: string }[],
): (email: string) => FoundTarget {
  const exactly = Map.groupBy(users, ({ email }) => email);
  const alike = Map.groupBy(users, ({ email }) => comparable(email));
  return (email) => {
    const column = 'email';
    const [user, second] = exactly.get(email) ?? alike.get(comparable(email)) ?? [];
    if (!user || email === '') return { column, message: missing(email, 'user') };
    if (second) {
      const message = `More than one user has the e-mail "${email}": name them by id.`;
      return { column, message, several: true };
    }
    return { target: { user: user.userId }, name: user.email };
  };
}

/** Explains a missing user id: spreadsheets turn ids of digits, and of digits and one "e", into numbers. */
function whyNoUser(id: string): string {
  const scientific = /^\d+([.,]\d+)?e[+-]\d+$/i.test(id) || /^\d+[.,]\d+e\d+$/i.test(id);
  const shortened = /^\d{1,15}$/.test(id) || /^\d{15}0+$/.test(id);
  if (!scientific && !shortened) return missing(id, 'user');
  const surely = scientific ? 'has turned' : 'may have turned';
  return `"${id}" is no id of a known user: a spreadsheet ${surely} it into a number. Import the id column as text, or name the user by e-mail.`;
}

function missing(name: string, what: string): string {
  return name === ''
    ? `The line names no ${what}.`
    : `The console knows no ${what} "${name}"; refresh if it is new.`;
}

/** Columns that name the target. A table has one of them, or `id` with `email` to check it by. */
export const targetColumns = ['email', 'id', 'bucket'] as const;
