import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import { includedWords } from '#shared/billing/charges.ts';
import { threeDecimals } from '#shared/billing/money.ts';
import type { ChargedItem } from '#shared/charged-items.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { fromWireInteger } from '#shared/units.ts';
import { clusterPath } from '../../kit/addresses.ts';
import { formatCount, formatNumber } from '../../kit/components/format.ts';
import { Period } from './issued-statement.tsx';
import { exactWords, type Line, lineParameter, type SourceLine, sourcesOf } from './line-source.ts';

type Statement = CallOutput<'statements.make'>;

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

/** What a fee is for, in words. */
export const feeWords = { base: 'Base fee', minimum: 'Up to the minimum' } as const;

/**
 * Leads, with a way back, to the days that a charge was added up from. A line that counts several
 * stretches of hours leads to each.
 */
export function SourcesLink(props: {
  line: Line;
  user: Statement['users'][number];
  statement: Pick<Statement, 'gigabyte'>;
  connectionId: string;
}) {
  const { line, user, statement, connectionId } = props;
  const { pathname, search } = useLocation();
  const sources = sourcesOf(line, user, statement);
  const path = line.item === 'stored' ? 'usage/storage' : 'usage';
  const addressOf = (source: SourceLine) => {
    const query = new URLSearchParams({
      period: 'custom',
      from: source.from,
      to: source.to,
      user: user.userId,
      by: 'day',
      line: lineParameter(source),
      back: `${pathname}${search}`,
    });
    return `${clusterPath(connectionId, path)}?${query}`;
  };
  const [first, ...others] = sources;
  if (!first) return null;
  if (others.length === 0) return <Link to={addressOf(first)}>{itemWords[line.item]}</Link>;
  return (
    <>
      {itemWords[line.item]}
      {sources.map((source) => (
        <div key={source.from} className="oc-caption">
          <Link to={addressOf(source)}>
            <Period from={source.from} to={source.to} />
          </Link>
        </div>
      ))}
    </>
  );
}

/** A quantity in units as the customer's document has it, too. */
export const shortUnits = (units: string): string => formatNumber(Number(threeDecimals(units)), 3);

/** What is charged of a line, in the tariff’s unit; what of it was included; the exact quantity on hover. */
export function ChargedQuantity(props: {
  line: Line;
  statement: Pick<Statement, 'gigabyte'>;
  /** What an included amount leads to; omitted: nowhere. */
  toIncluded?(words: string): ReactNode;
}) {
  const { line, statement, toIncluded = (words) => words } = props;
  const included = includedWords(line, statement, shortUnits);
  return (
    <span data-hint={quantityWords(line)}>
      {shortUnits(line.billableUnits)} <span className="oc-dimmed">{line.unit}</span>
      {included !== '' && <div className="oc-caption">{toIncluded(included)}</div>}
    </span>
  );
}

/** Where a tier starts: `1,000 GB`. */
export function tierWords({ item, above = 0 }: Line): string {
  const unit = ['stored', 'downloaded', 'uploaded'].includes(item) ? 'GB' : 'operations';
  return `${formatCount(fromWireInteger(above))} ${unit}`;
}

/** The exact quantity, and how much of it was included. */
function quantityWords({ item, quantity, free }: Line): string {
  const [used, unpaid] = [fromWireInteger(quantity), fromWireInteger(free)];
  return unpaid === 0n
    ? exactWords(item, used)
    : `${exactWords(item, used)}, of these ${exactWords(item, unpaid)} included`;
}
