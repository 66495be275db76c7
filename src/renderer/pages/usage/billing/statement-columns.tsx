import type { ChargedItem } from '#shared/charged-items.ts';
import { compareNames } from '#shared/collation-key.ts';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { fromWireInteger } from '#shared/units.ts';
import { itemWords } from '../../../changes/statements/charged-item.tsx';
import { formatMoney, userWords } from '../../../kit/components/format.ts';
import { customColumn } from '../../../lists/table/column-kinds.tsx';
import type { DataColumn } from '../../../lists/table/columns.ts';
import { percentWords } from '../shared/figures.ts';

export type Statement = CallOutput<'statements.make'>;

export type ClusterStatementInput = Extract<
  CallInput<'statements.make'>,
  { connectionId: string; tariffId: string }
>;

type UserStatement = Statement['users'][number];

function amountOf({ lines }: UserStatement, item: ChargedItem): bigint {
  return lines.reduce(
    (sum, line) => (line.item === item ? sum + fromWireInteger(line.amount) : sum),
    0n,
  );
}

function isItem(key: string): key is ChargedItem {
  return Object.hasOwn(itemWords, key);
}

/** The users of a statement in an order: by name, whole amount or the amount of one item. */
export function sortUsers(
  users: readonly UserStatement[],
  { by, descending }: { by: string; descending: boolean },
): readonly UserStatement[] {
  const sign = descending ? -1 : 1;
  const name = ({ email, userId }: UserStatement) => userWords(email, userId);
  const figure = (user: UserStatement): bigint =>
    isItem(by) ? amountOf(user, by) : fromWireInteger(user.amount);
  const byName = (one: UserStatement, other: UserStatement) => compareNames(name(one), name(other));
  if (by === 'name') return [...users].sort((one, other) => sign * byName(one, other));
  const figures = new Map(users.map((user) => [user, figure(user)]));
  return [...users].sort((one, other) => {
    const [a, b] = [figures.get(one) ?? 0n, figures.get(other) ?? 0n];
    return a === b ? byName(one, other) : a < b ? -sign : sign;
  });
}

export function statementColumns({
  currency,
  minorDigits,
  total: whole,
  unknown,
}: Statement): readonly DataColumn<UserStatement>[] {
  const total = fromWireInteger(whole ?? 0);
  const isUnknown = (item: ChargedItem) =>
    unknown.includes(item === 'stored' ? 'stored' : 'traffic');
  const money = (amount: bigint) => formatMoney(amount.toString(), '', minorDigits).trimEnd();
  return [
    customColumn('name', 'User', {
      width: 220,
      grow: true,
      sortKey: 'name',
      cell: ({ email, userId }) => <span title={userId}>{userWords(email, userId)}</span>,
    }),
    {
      id: 'amount',
      header: `Amount, ${currency}`,
      width: 130,
      align: 'right',
      sortKey: 'amount',
      cell: ({ amount }) => (
        <strong
          className="oc-number"
          title={`${percentWords(fromWireInteger(amount), total)} of all`}
        >
          {money(fromWireInteger(amount))}
        </strong>
      ),
    },
    ...(Object.keys(itemWords) as ChargedItem[]).map(
      (item): DataColumn<UserStatement> => ({
        id: item,
        header: itemWords[item],
        width: 96,
        align: 'right',
        sortKey: item,
        cell: (user) =>
          isUnknown(item) ? (
            <span className="oc-dimmed" title="Unknown: nothing is on record for this period">
              —
            </span>
          ) : (
            money(amountOf(user, item))
          ),
      }),
    ),
  ];
}
