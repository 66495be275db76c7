import { SegmentedControl, Switch } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { formatCounted } from '../../../kit/components/format.ts';
import { optionsOf } from '../../../kit/components/options.ts';
import { ticked } from '../../../kit/components/typed.ts';
import { axisTicks } from './figures.ts';
import classes from './usage.module.css';

/** The scale of a chart's value axis. */
export interface ChartScale {
  logarithmic: boolean;
  ticks: number[];
  domain: [least: number, most: number];
  /** Whether values reach beyond the axis. */
  isCut: boolean;
  /** Controls that change it. */
  controls: ReactNode;
}

/** Fewer values have no outliers. */
const leastValues = 8;
const mostTicks = 6;

/** The bound above which values are outliers, far above the middle half; null if there are none. */
export function outlierBound(values: readonly number[]): number | null {
  const known = values.filter((value) => value > 0).sort((left, right) => left - right);
  if (known.length < leastValues) return null;
  const at = (share: number): number => known[Math.floor((known.length - 1) * share)] ?? 0;
  const [low, high] = [at(0.25), at(0.75)];
  const bound = Math.max(high + 3 * (high - low), 2 * high);
  return (known.at(-1) ?? 0) > bound ? bound : null;
}

/** Marks at equal factors, from at most the least value to at least the largest. */
export function logarithmicTicks(least: number, largest: number, base: 1000 | 1024): number[] {
  const factor = base === 1024 ? 4 : 10;
  const powerOf = (value: number): number => Math.log(value) / Math.log(factor);
  const first = Math.floor(powerOf(least) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(powerOf(largest) - 1e-9));
  const stride = Math.ceil((last - first) / (mostTicks - 1));
  const count = Math.ceil((last - first) / stride);
  return Array.from({ length: count + 1 }, (_, index) => factor ** (first + index * stride));
}

/**
 * Scale of a chart: linear or logarithmic, with or without the values that dwarf all others.
 * @param values as high as each bar or point reaches
 * @param parts the single figures, where a bar is made of several
 */
export function useChartScale(
  values: readonly number[],
  base: 1000 | 1024,
  parts: readonly number[] = values,
): ChartScale {
  const [logarithmic, setLogarithmic] = useState(false);
  const [hidesOutliers, setHidesOutliers] = useState(false);
  const bound = outlierBound(values);
  const isCut = bound !== null && hidesOutliers && !logarithmic;
  const shown = parts.filter((value) => value > 0);
  const ticks =
    logarithmic && shown.length > 0
      ? logarithmicTicks(Math.min(...shown), Math.max(...shown), base)
      : axisTicks(isCut ? bound : Math.max(0, ...values), base);
  const outliers = bound === null ? 0 : values.filter((value) => value > bound).length;
  return {
    logarithmic: logarithmic && shown.length > 0,
    ticks,
    domain: [logarithmic && shown.length > 0 ? (ticks[0] ?? 1) : 0, ticks.at(-1) ?? 1],
    isCut,
    controls: (
      <span className={classes.scale}>
        {outliers > 0 && !logarithmic && (
          <Switch
            size="xs"
            label={isCut ? `${formatCounted(outliers, 'outlier')} cut off` : 'Hide outliers'}
            aria-label="Hide outliers"
            {...ticked(hidesOutliers, setHidesOutliers)}
          />
        )}
        <SegmentedControl
          size="xs"
          aria-label="Scale"
          value={logarithmic ? 'logarithmic' : 'linear'}
          onChange={(value) => setLogarithmic(value === 'logarithmic')}
          data={optionsOf({ linear: 'Linear', logarithmic: 'Logarithmic' })}
        />
      </span>
    ),
  };
}
