import { amountWords } from '#shared/billing/money.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { formatCounted } from '#shared/counted.ts';
import { fromWireInteger, toWireInteger } from '#shared/units.ts';
import { canonicalJson } from '../../store/archive/file/encodings.ts';
import type { Statement } from './statement.ts';

type User = Statement['users'][number];
type Corrections = CallOutput<'statements.corrections'>;

/** What a statement was made from: a line for each object, and when sizes were sampled. */
interface StatementSources {
  /** Each a name, a space and a digest. */
  objects: readonly string[];
  /** Digest of the times. */
  looks: string;
}

/** How a statement would turn out now, against how it was issued. */
export type StatementDifference = Pick<
  Corrections,
  | 'changed'
  | 'words'
  | 'difference'
  | 'state'
  | 'total'
  | 'users'
  | 'objects'
  | 'objectNames'
  | 'sizesSampled'
>;

const mostListed = 1000;

export function compareStatements(
  issued: Statement,
  now: Statement,
  before: StatementSources,
  after: StatementSources,
): StatementDifference {
  const names = compareObjects(before.objects, after.objects);
  const count = (change: string): number => names.filter((one) => one.change === change).length;
  const objects = { late: count('late'), replaced: count('replaced'), gone: count('gone') };
  const sizesSampled = before.looks !== after.looks;
  const difference = totalOf(now) - totalOf(issued);
  const users = compareUsers(issued, now);
  const parts = [
    ...objectWords(objects),
    ...handedWords(issued, now),
    ...(sizesSampled && storedDiffers(issued, now) ? ['sizes sampled since'] : []),
    ...tariffWords(issued, now),
    ...feeWords(issued, now),
    ...(issued.state === now.state ? [] : [`now ${stateWords[now.state]}`]),
  ];
  const changed = parts.length > 0 || users.length > 0 || difference !== 0n;
  return {
    changed,
    words: changed
      ? `Changed since issued: ${[differenceWords(difference, issued), ...parts].join(', ')}.`
      : 'Unchanged since issued.',
    difference: toWireInteger(difference),
    state: now.state,
    total: now.total,
    users: users.slice(0, mostListed),
    objects,
    objectNames: names.slice(0, mostListed),
    sizesSampled,
  };
}

const stateWords: Record<Statement['state'], string> = {
  final: 'final',
  draft: 'a draft',
  'no-data': 'without data',
};

function totalOf({ total }: Statement): bigint {
  return total === null ? 0n : fromWireInteger(total);
}

function differenceWords(difference: bigint, { currency, minorDigits }: Statement): string {
  if (difference === 0n) return 'the same total';
  return `${difference > 0n ? '+' : ''}${amountWords(difference, currency, minorDigits)}`;
}

function objectWords({ late, replaced, gone }: Corrections['objects']): string[] {
  return [
    ...(late > 0 ? [formatCounted(late, 'late object')] : []),
    ...(replaced > 0 ? [`${formatCounted(replaced, 'object')} with other content`] : []),
    ...(gone > 0 ? [`${formatCounted(gone, 'object')} no longer in the archive`] : []),
  ];
}

/** Of a customer: users that belong to another in hours that were billed to this one, and the reverse. */
function handedWords(issued: Statement, now: Statement): string[] {
  if (!issued.customer) return [];
  const hoursOf = ({ users }: Statement): Map<string, string> =>
    new Map(
      users.map((user) => [`${user.connectionId} ${user.userId}`, canonicalJson(user.hours ?? [])]),
    );
  const [was, is] = [hoursOf(issued), hoursOf(now)];
  const other = [...was].filter(([key, hours]) => is.get(key) !== hours);
  return other.length > 0 ? [`${formatCounted(other.length, 'user')} with other hours`] : [];
}

function tariffWords(issued: Statement, now: Statement): string[] {
  if (issued.tariffVersion === now.tariffVersion) return [];
  return [`version ${now.tariffVersion} of the tariff in place of ${issued.tariffVersion}`];
}

/** Of a customer: fees that begin on another day, as its service turned out to be registered then. */
function feeWords(issued: Statement, now: Statement): string[] {
  const [was, is] = [issued, now].map(({ fees = [], from }) =>
    (fees[0]?.from ?? from).slice(0, 10),
  );
  return !issued.customer || was === is ? [] : [`fees from ${is} on`];
}

function storedDiffers(issued: Statement, now: Statement): boolean {
  const stored = ({ users }: Statement): string =>
    users
      .flatMap(({ userId, lines }) =>
        lines.flatMap(({ item, from, quantity }) =>
          item === 'stored' ? [`${userId} ${from} ${quantity}`] : [],
        ),
      )
      .join('\n');
  return stored(issued) !== stored(now);
}

/** What counts of a user's lines: issued ones may have their prices in minor units. */
function chargeFacts(user: User | undefined): string {
  return canonicalJson(
    (user?.lines ?? []).map(({ item, from, to, quantity, billable, amount }) => ({
      ...{ item, from, to, quantity, billable, amount },
    })),
  );
}

/** Users whose lines differ, greatest difference of the amount first. */
function compareUsers(issued: Statement, now: Statement): Corrections['users'] {
  const keyOf = ({ connectionId = '', userId }: User): string => `${connectionId} ${userId}`;
  const before = new Map(issued.users.map((user) => [keyOf(user), user]));
  const after = new Map(now.users.map((user) => [keyOf(user), user]));
  const differing = [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    const userId = is?.userId ?? was?.userId ?? '';
    if (chargeFacts(was) === chargeFacts(is)) return [];
    const [old, fresh] = [fromWireInteger(was?.amount ?? 0), fromWireInteger(is?.amount ?? 0)];
    return [{ userId, email: is?.email ?? was?.email ?? null, old, fresh }];
  });
  const size = (value: bigint): bigint => (value < 0n ? -value : value);
  return differing
    .sort((left, right) => {
      const [a, b] = [size(left.fresh - left.old), size(right.fresh - right.old)];
      return a === b ? (left.userId < right.userId ? -1 : 1) : a < b ? 1 : -1;
    })
    .map(({ userId, email, old, fresh }) => ({
      userId,
      email,
      issued: toWireInteger(old),
      now: toWireInteger(fresh),
      difference: toWireInteger(fresh - old),
    }));
}

function compareObjects(
  before: readonly string[],
  after: readonly string[],
): Corrections['objectNames'] {
  const read = (lines: readonly string[]): Map<string, string> =>
    new Map(
      lines.map((line) => {
        const cut = line.trimEnd().lastIndexOf(' ');
        return [line.slice(0, cut), line.slice(cut).trim()];
      }),
    );
  const [was, is] = [read(before), read(after)];
  const found: Corrections['objectNames'] = [];
  for (const [name, digest] of is) {
    const old = was.get(name);
    if (old === undefined) found.push({ name, change: 'late' });
    else if (old !== digest) found.push({ name, change: 'replaced' });
  }
  for (const name of was.keys()) if (!is.has(name)) found.push({ name, change: 'gone' });
  return found;
}
