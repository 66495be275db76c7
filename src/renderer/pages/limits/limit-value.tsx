import { Tooltip } from '@mantine/core';
import { IconInfinity } from '@tabler/icons-react';
import { fromWireInteger, type WireInteger } from '#shared/units.ts';
import { formatCount } from '../../components/format.ts';
import classes from './limits.module.css';

/**
 * A limit or quota in a cell. Not read, not set, zero (unlimited) and a figure look different.
 * @param props.value undefined: not read yet; null: not set, so that the default applies
 * @param props.unit dimmed after the figure
 */
export function LimitValue(props: {
  value: WireInteger | null | undefined;
  unit?: string;
  unset?: string;
}) {
  const { value, unit, unset = 'Not set: the default applies.' } = props;
  if (value === undefined) {
    return (
      <Tooltip label="Not read yet. Start a sweep to read it.">
        <span className={classes.unread}>not read</span>
      </Tooltip>
    );
  }
  if (value === null) {
    return (
      <Tooltip label={unset}>
        <span className={classes.unset}>not set</span>
      </Tooltip>
    );
  }
  if (Number(value) === 0) {
    return (
      <Tooltip label="Set to 0, which the gateway takes as unlimited.">
        <span className={classes.unlimited}>
          <IconInfinity size={14} aria-hidden /> unlimited
        </span>
      </Tooltip>
    );
  }
  const text =
    typeof value === 'string' ? formatCount(fromWireInteger(value)) : value.toLocaleString('en-US');
  return (
    <span className="oc-number">
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
