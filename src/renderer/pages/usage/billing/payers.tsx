import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { agreeing } from '#shared/counted.ts';
import { customerPartPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { formatCounted } from '../../../kit/components/format.ts';
import { Note } from '../../../kit/components/note.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import usage from '../shared/usage.module.css';
import type { Statement } from './statement-columns.tsx';

type Payers = CallOutput<'statements.payers'>;

/** Says what statements by user are for, and where those of customers are. */
export function ByUserNote({ register = false }: { register?: boolean }) {
  const cluster = useCluster();
  return (
    <p className={`oc-caption ${usage.purpose}`}>
      {register
        ? 'Statements by user that were issued on this cluster.'
        : 'By user, on this cluster alone: for users that belong to no customer.'}{' '}
      Customers are billed over all their users and clusters, and invoiced, under{' '}
      <Link to={customerPartPath(cluster.id, 'statements')}>Customers, Statements</Link>.
    </p>
  );
}

/** Reads which users of a statement belong to customers, who are billed for them already. */
export function usePayers({ users, from, to }: Pick<Statement, 'users' | 'from' | 'to'>) {
  const { id: connectionId } = useCluster();
  const userIds = users.map(({ userId }) => userId).filter((userId) => userId !== '');
  const input = { connectionId, from, to, userIds };
  return useCall('statements.payers', input, { enabled: userIds.length > 0 }).data;
}

function namesOf({ first, customers }: Payers): string {
  const names = first.map(({ name, number }) => (number === null ? name : `${name} (${number})`));
  const rest = customers - names.length;
  return `${names.join(', ')}${rest > 0 ? ` and ${formatCounted(rest, 'other')}` : ''}`;
}

/** `9 users of this statement belong to 7 customers, billed for the same data by their own statements`. */
export function payersWords({ users, customers, issued }: Payers): string {
  const belong = `${formatCounted(users, 'user')} of this statement ${agreeing(users, 'belongs', 'belong')} to ${formatCounted(customers, 'customer')}`;
  const own = agreeing(customers, 'its own statement', 'their own statements');
  const already =
    issued === 0 ? '' : ` (${formatCounted(issued, 'statement')} of this period issued already)`;
  return `${belong}, billed for the same data by ${own}${already}`;
}

/** Why the sum of the customers' statements is another one. */
export function differenceWords({ users, fees = [] }: Statement, payers: Payers): string {
  const others = users.length - payers.users;
  const reasons = [
    ...(others > 0 ? [`${formatCounted(others, 'user')} without a customer`] : []),
    ...(fees.length > 0
      ? [
          'base fees and minimums of each user for the whole period, there of each customer from the day on which it began',
        ]
      : []),
  ];
  return reasons.length === 0
    ? ''
    : `The total is not that of the customers’ statements: it has ${reasons.join(', and ')}.`;
}

/** Warns that issuing a statement bills what customers are billed for. */
export function SecondBill(props: { statement: Statement; onLeave(): void }) {
  const cluster = useCluster();
  const payers = usePayers(props.statement);
  if (!payers || payers.customers === 0) return null;
  return (
    <Note tone="warning" role="status" title="A second bill for the same data">
      <p className="oc-flush">
        {payersWords(payers)}: {namesOf(payers)}. Select users without a customer, or issue{' '}
        <Link to={customerPartPath(cluster.id, 'statements')} onClick={props.onLeave}>
          the customers’ statements
        </Link>{' '}
        instead.
      </p>
    </Note>
  );
}
