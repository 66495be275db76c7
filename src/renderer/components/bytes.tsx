import { Tooltip } from '@mantine/core';
import { formatBytes, formatExactBytes, fromWireInteger, type WireInteger } from '#shared/units.ts';
import classes from './figures.module.css';

/**
 * A size: binary units on screen, exact bytes and where they are from on hover.
 * @param props.value bytes, as they travel
 * @param props.source where the figure is from, e.g. `from the bucket list of 12:03 UTC`
 */
export function Bytes({ value, source }: { value: WireInteger; source?: string }) {
  const bytes = fromWireInteger(value);
  const [number, unit] = formatBytes(bytes).split(' ');
  const exact = formatExactBytes(bytes);
  return (
    <Tooltip label={source ? `${exact} · ${source}` : exact}>
      <span className={`oc-number ${classes.figure}`}>
        {number}
        <span className={classes.unit}> {unit}</span>
      </span>
    </Tooltip>
  );
}
