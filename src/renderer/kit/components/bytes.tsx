import { fromWireInteger, type WireInteger } from '#shared/units.ts';
import classes from './figures.module.css';
import { formatBytes, formatExactBytes } from './format.ts';

/**
 * A size: binary units on screen, exact bytes and where they are from on hover.
 * @param props.value bytes, as they travel; null where the gateway's figure can't be true
 * @param props.source where the figure is from, e.g. `from the bucket list of 12:03 UTC`
 * @param props.partial whether sizes that can't be true are missing from the sum
 */
export function Bytes(props: { value: WireInteger | null; source?: string; partial?: boolean }) {
  const { value, source, partial = false } = props;
  const bytes = fromWireInteger(value);
  if (bytes === null) return <UnknownFigure />;
  const [number, unit] = formatBytes(bytes).split(' ');
  const exact = formatExactBytes(bytes);
  return (
    <span
      className={`oc-number ${classes.figure}`}
      data-hint={source ? `${exact} · ${source}` : exact}
    >
      {partial && '≥ '}
      {number}
      <span className={classes.unit}> {unit}</span>
    </span>
  );
}

/** Stands for the buckets and bytes of a user that is newer than the bucket list. */
export function NotCounted() {
  return (
    <span
      className="oc-dimmed"
      data-hint="This user is newer than the bucket list. The next refresh counts its buckets."
    >
      Not counted yet
    </span>
  );
}

/** Stands for a figure of the gateway that can't be true: an underflow, say. */
export function UnknownFigure() {
  return (
    <span
      className="oc-dimmed"
      data-hint="The gateway sent a figure that can't be true. It is named under Data, above."
    >
      Unknown
    </span>
  );
}
