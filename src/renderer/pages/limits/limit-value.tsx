import { fromWireInteger, type WireInteger } from '#shared/units.ts';
import { NotSet, Unlimited } from '../../changes/limits/limit-value.tsx';
import { formatCount, formatNumber, formatUtc } from '../../kit/components/format.ts';
import classes from './limits.module.css';

/**
 * A limit or quota in a cell. Not read, not set, zero (of a rate: unlimited) and a figure look different. Hovering
 * is by the browser's own means: a grid has hundreds of these.
 * @param props.value undefined: not read yet; null: not set
 * @param props.unit dimmed after the figure
 * @param props.unset what not set means
 * @param props.asOf when it was read
 */
export function LimitValue(props: {
  value: WireInteger | null | undefined;
  unit?: string;
  unset?: string;
  asOf?: string | undefined;
}) {
  const { value, unit, unset = 'the default applies', asOf } = props;
  const read = asOf === undefined ? '' : ` · read ${formatUtc(asOf)}`;
  if (value === undefined) {
    return (
      <span
        className={classes.unread}
        title="Not read yet. Load it with the whole cluster’s keys and limits."
      >
        <span aria-hidden="true">·</span>
        <span className="oc-hidden">not read</span>
      </span>
    );
  }
  if (value === null) {
    return (
      <span title={`Not set: ${unset}${read}`}>
        <NotSet />
      </span>
    );
  }
  if (Number(value) === 0 && unit !== 'GB') {
    return (
      <span title={read === '' ? undefined : `Set to 0: unlimited${read}`}>
        <Unlimited />
      </span>
    );
  }
  const text =
    typeof value === 'string' ? formatCount(fromWireInteger(value)) : formatNumber(value, 3);
  return (
    <span className="oc-number" title={`${text}${unit ? ` ${unit}` : ''}${read}`}>
      {text}
      {unit && <span className={classes.unit}> {unit}</span>}
    </span>
  );
}

/**
 * Size against the quota that applies, as a bar with its share.
 * @param props.fraction size over quota; null where no quota applies or it is not known
 */
export function QuotaBar(props: { fraction: number | null; known: boolean }) {
  const { fraction, known } = props;
  if (fraction === null) {
    return <span className="oc-faint">{known ? 'no quota' : ''}</span>;
  }
  const tone = fraction >= 1 ? 'bad' : fraction >= 0.8 ? 'warning' : 'good';
  const share = Math.floor(fraction * 1000) / 10;
  const words = share >= 10 ? String(Math.floor(share)) : share.toFixed(1);
  return (
    <span className={classes.usage} data-tone={tone}>
      <span className={classes.track} aria-hidden="true">
        <span className={classes.bar} style={{ width: `${Math.min(100, fraction * 100)}%` }} />
      </span>
      <span className={`oc-number ${classes.share}`}>{words} %</span>
    </span>
  );
}
