import { Link, useSearchParams } from 'react-router';
import { itemWords } from '../../../changes/statements/charged-item.tsx';
import {
  gigabyteWords,
  lineQuantityWords,
  type SourceLine,
} from '../../../changes/statements/line-source.ts';
import { withParameters } from '../../../kit/addresses.ts';
import { StateBadge } from '../../../kit/components/state-badge.tsx';
import { type Span, spanWords } from '../period/period.ts';
import usage from './usage.module.css';

/**
 * Says which line of a statement the page explains, and whether its sum is the line's.
 * @param props.shown the period, user and bucket on screen
 * @param props.sum what the days on screen add up to, in base units; undefined while it is read, null
 *   where it is not known
 */
export function LineNote(props: {
  line: SourceLine;
  shown: Span & { userId: string | null; bucket: string | null };
  sum: bigint | null | undefined;
}) {
  const { line, shown, sum } = props;
  const [parameters] = useSearchParams();
  const isLines =
    shown.from === line.from &&
    shown.to === line.to &&
    shown.userId === line.userId &&
    shown.bucket === null;
  const words = line.quantity === null ? null : lineQuantityWords(line, line.quantity);
  const address = withParameters(parameters, {
    ...{ bucket: null, epoch: null, q: null, sort: null, open: null },
    ...{ user: line.userId, period: 'custom', from: line.from, to: line.to, by: 'day' },
  });
  return (
    <section className={usage.notice} aria-label="Line of the statement">
      <span>
        Line of the statement: <strong>{itemWords[line.item]}</strong>
        {words !== null && `, ${words}`}, {spanWords(line, 'utc')}. Days are UTC here, as on the
        bill
        {line.unit !== 'thousand operations' && `; 1 GB is ${gigabyteWords(line)}`}.
      </span>
      {isLines ? (
        <Agreement line={line} sum={sum} />
      ) : (
        <Link to={`?${address}`}>Show the days of the line</Link>
      )}
    </section>
  );
}

function Agreement({ line, sum }: { line: SourceLine; sum: bigint | null | undefined }) {
  if (sum === undefined || line.quantity === null) return null;
  if (sum === line.quantity) {
    return (
      <span>
        <StateBadge tone="good">Adds up</StateBadge> The sum of the days is exactly this.
      </span>
    );
  }
  return (
    <span>
      <StateBadge tone="warning">Differs</StateBadge>{' '}
      {sum === null
        ? 'The archive does not hold these days anymore.'
        : `The days now add up to ${lineQuantityWords(line, sum)}: the archive changed after the statement was made.`}
    </span>
  );
}
