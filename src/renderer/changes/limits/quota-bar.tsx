import { Tooltip } from '@mantine/core';
import { fromWireInteger, type WireInteger } from '#shared/units.ts';
import { formatBytes, formatCount, formatExactBytes } from '../../kit/components/format.ts';
import classes from './limits.module.css';

const bytesPerGb = 1_000_000_000n;

const nearlyFull = 0.8;

/**
 * Size over quota, 1 when full; null where there is no quota or it is unlimited. A GB is taken as 10^9
 * bytes, as in the grid.
 */
export function usedFraction(bytes: WireInteger | null, sizeGb: WireInteger | null): number | null {
  const quota = sizeGb === null ? 0n : fromWireInteger(sizeGb) * bytesPerGb;
  if (quota === 0n || bytes === null) return null;
  return Number((fromWireInteger(bytes) * 100_000n) / quota) / 100_000;
}

/** The share in words, rounded down as in lists: `42 %`, `less than 1 %`, `over the quota, 130 %`. */
export function usedWords(fraction: number): string {
  const percent = fraction * 100;
  if (fraction > 1) return `over the quota, ${formatCount(Math.floor(percent))} %`;
  if (percent > 0 && percent < 1) return 'less than 1 %';
  return `${Math.floor(percent)} %`;
}

/** Size against quota as a bar with its share in words. Nothing where no quota applies. */
export function QuotaBar(props: { bytes: WireInteger | null; sizeGb: WireInteger | null }) {
  const fraction = usedFraction(props.bytes, props.sizeGb);
  if (fraction === null || props.sizeGb === null || props.bytes === null) return null;
  const bytes = fromWireInteger(props.bytes);
  const quota = fromWireInteger(props.sizeGb) * bytesPerGb;
  const tone = fraction >= 1 ? 'full' : fraction >= nearlyFull ? 'nearly' : 'fine';
  return (
    <Tooltip
      label={`${formatExactBytes(bytes)} of ${formatBytes(quota)} (a GB taken as 10^9 bytes)`}
    >
      <span className={classes.barLine}>
        <span className={classes.bar} data-tone={tone} aria-hidden>
          <span style={{ width: `${Math.min(100, fraction * 100)}%` }} />
        </span>
        <span className="oc-number">{usedWords(fraction)}</span>
      </span>
    </Tooltip>
  );
}
