import { Link, useLocation } from 'react-router';
import { includedWords } from '#shared/billing/charges.ts';
import type { ChargedItem } from '#shared/charged-items.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { fromWireInteger } from '#shared/units.ts';
import { clusterPath } from '../../kit/addresses.ts';
import {
  formatBytes,
  formatCount,
  formatExactBytes,
  formatNumber,
} from '../../kit/components/format.ts';

type Statement = CallOutput<'statements.make'>;
type Line = Statement['users'][number]['lines'][number];

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

/** Leads, with a way back, to the statistics objects behind a charge, or to the sizes behind what was stored. */
export function SourcesLink(props: { line: Line; connectionId: string; userId: string }) {
  const { line, connectionId, userId } = props;
  const query = new URLSearchParams({
    period: 'custom',
    from: line.from,
    to: line.to,
    user: userId,
  });
  if (line.item !== 'stored') query.set('by', 'object');
  const { pathname, search } = useLocation();
  query.set('back', `${pathname}${search}`);
  const path = line.item === 'stored' ? 'usage/storage' : 'usage';
  return <Link to={`${clusterPath(connectionId, path)}?${query}`}>{itemWords[line.item]}</Link>;
}

const shortUnits = (units: string): string => formatNumber(Number(units), 3);

/** What is charged of a line, in the tariff’s unit; what of it was included; the exact quantity on hover. */
export function ChargedQuantity(props: { line: Line; statement: Pick<Statement, 'gigabyte'> }) {
  const { line, statement } = props;
  const included = includedWords(line, statement, shortUnits);
  return (
    <span data-hint={quantityWords(line)}>
      {shortUnits(line.billableUnits)} <span className="oc-dimmed">{line.unit}</span>
      {included !== '' && <div className="oc-caption">{included}</div>}
    </span>
  );
}

/** Where a tier starts: `1,000 GB`. */
export function tierWords({ item, above = 0 }: Line): string {
  const unit = ['stored', 'downloaded', 'uploaded'].includes(item) ? 'GB' : 'operations';
  return `${formatCount(fromWireInteger(above))} ${unit}`;
}

const hourMilliseconds = 3_600_000n;

/** The exact quantity, and how much of it was included. */
function quantityWords({ item, quantity, free }: Line): string {
  const [used, unpaid] = [fromWireInteger(quantity), fromWireInteger(free)];
  const words = (value: bigint) => {
    if (item === 'stored') return `${formatBytes(value / hourMilliseconds)} times hours`;
    if (item !== 'uploaded' && item !== 'downloaded') return `${formatCount(value)} operations`;
    return `${formatExactBytes(value)} (${formatBytes(value)})`;
  };
  return unpaid === 0n ? words(used) : `${words(used)}, of these ${words(unpaid)} included`;
}
