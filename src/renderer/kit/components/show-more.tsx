import { SmallButton } from './buttons.ts';
import { formatCount } from './format.ts';
import classes from './plain-table.module.css';

/** The most rows that one call of core returns. */
const mostRows = 1000;

/**
 * Below a list that grows in place: how much of it is shown, and the button for its next step; nothing
 * where all is shown.
 * @param props.rest says where the others are, once no more can be shown here
 */
export function ShowMore(props: {
  shown: number;
  total: number;
  step: number;
  rest: string;
  onLimit(limit: number): void;
}) {
  const { shown, total, step, rest } = props;
  if (total <= shown) return null;
  const ended = shown >= mostRows;
  return (
    <div className={`oc-wrap-row ${classes.more}`}>
      {!ended && (
        <SmallButton onClick={() => props.onLimit(Math.min(shown + step, mostRows))}>
          Show more
        </SmallButton>
      )}
      <span className="oc-dimmed oc-number">
        {formatCount(shown)} of {formatCount(total)}
      </span>
      {ended && <span className="oc-dimmed">{rest}</span>}
    </div>
  );
}
