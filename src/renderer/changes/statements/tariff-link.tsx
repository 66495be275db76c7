import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { clusterPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';

type Named = Pick<CallOutput<'statements.make'>, 'tariffId' | 'tariffVersion' | 'clusters'>;

/**
 * Leads, with a way back, to the version of the tariff that a fee or an included amount is of: what no
 * statistics are behind. Words alone where no cluster uses it.
 */
export function TariffLink(props: { statement: Named; children: ReactNode }) {
  const cluster = useCluster();
  const { clusters = [] } = props.statement;
  const ids = new Set([cluster.id, ...clusters.map(({ connectionId }) => connectionId)]);
  return <FirstThatHas {...props} connectionIds={[...ids]} />;
}

function FirstThatHas(props: {
  statement: Named;
  connectionIds: readonly string[];
  children: ReactNode;
}) {
  const { statement, connectionIds, children } = props;
  const [connectionId = '', ...others] = connectionIds;
  const { data, error } = useCall('tariffs.list', { connectionId });
  const { pathname, search } = useLocation();
  if (data?.some(({ tariffId }) => tariffId === statement.tariffId)) {
    const query = new URLSearchParams({
      tariff: statement.tariffId,
      version: String(statement.tariffVersion),
      back: `${pathname}${search}`,
    });
    return <Link to={`${clusterPath(connectionId, 'usage/tariffs')}?${query}`}>{children}</Link>;
  }
  if ((data ?? error) && others.length > 0) {
    return <FirstThatHas {...props} connectionIds={others} />;
  }
  return children;
}
