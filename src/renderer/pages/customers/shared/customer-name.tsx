import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { customerPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';

/** Returns what tells a customer apart from another of its name: `client 214`; empty where no other has it. */
export function useClientWords(): (customerId: string | undefined) => string {
  const { data } = useCall('customers.namesakes', {});
  return (customerId) => {
    const externalId = data && customerId && clientIds(data).get(customerId);
    return externalId ? `client ${externalId}` : '';
  };
}

type Namesakes = CallOutput<'customers.namesakes'>;

const known = new WeakMap<Namesakes, ReadonlyMap<string, string>>();

/** Each name of a page asks: the client ids are put in order once for every answer. */
function clientIds(namesakes: Namesakes): ReadonlyMap<string, string> {
  const before = known.get(namesakes);
  if (before) return before;
  const made = new Map(namesakes.map(({ customerId, externalId }) => [customerId, externalId]));
  known.set(namesakes, made);
  return made;
}

/** The name of a customer, with its client id where another one has the same. */
export function CustomerWords(props: { customerId?: string | undefined; customerName: string }) {
  const words = useClientWords()(props.customerId);
  if (words === '') return props.customerName;
  return (
    <>
      {props.customerName} <span className="oc-dimmed">({words})</span>
    </>
  );
}

/** {@link CustomerWords} that open the customer. */
export function CustomerName(props: {
  customerId: string;
  customerName: string;
  onLeave?: (() => void) | undefined;
}) {
  const cluster = useCluster();
  return (
    <Link to={customerPath(cluster.id, props.customerId)} onClick={props.onLeave}>
      <CustomerWords {...props} />
    </Link>
  );
}
