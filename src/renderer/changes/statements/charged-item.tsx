import { Link } from 'react-router';
import type { ChargedItem } from '#shared/charged-items.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { clusterPath } from '../../kit/addresses.ts';

type Line = CallOutput<'statements.make'>['users'][number]['lines'][number];

/** What is charged for, in words and in the order of columns. */
export const itemWords: Record<ChargedItem, string> = {
  stored: 'Stored',
  downloaded: 'Out',
  uploaded: 'In',
  get: 'Get',
  put: 'Put',
  list: 'List',
  other: 'Other',
};

/** Leads to the statistics objects behind a charge, or to the sizes behind what was stored. */
export function SourcesLink(props: { line: Line; connectionId: string; userId: string }) {
  const { line, connectionId, userId } = props;
  const query = new URLSearchParams({
    period: 'custom',
    from: line.from,
    to: line.to,
    user: userId,
  });
  if (line.item !== 'stored') query.set('by', 'object');
  const path = line.item === 'stored' ? 'usage/storage' : 'usage';
  return <Link to={`${clusterPath(connectionId, path)}?${query}`}>{itemWords[line.item]}</Link>;
}
