import { useMemo } from 'react';
import {
  Area,
  AreaChart,
  CartesianGrid,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { CallOutput } from '#shared/contract/index.ts';
import { fromWireInteger, type WireInteger } from '#shared/units.ts';
import { formatBytes, formatDateTime, formatDay } from '../../../kit/components/format.ts';
import { useClock } from '../../../kit/stores/clock.ts';
import type { Span } from '../period/period.ts';
import { useChartScale } from '../shared/chart-scale.tsx';
import { bytesWithExact } from '../shared/figures.ts';
import usage from '../shared/usage.module.css';
import classes from './storage.module.css';

/** Sizes over time with what follows from them. */
export type StorageHistory = CallOutput<'storage.history'>;

const color = '#0072b2';

/**
 * Size over time, one point a refresh, joined by straight lines.
 * @param props.quotaBytes drawn as a line where it is near enough
 */
export function StorageChart(props: {
  history: StorageHistory;
  span: Span;
  quotaBytes?: bigint | null;
  /** Whether the reader can change the scale. */
  adjustable?: boolean;
}) {
  const { history, span } = props;
  const clock = useClock();
  const points = useMemo(
    () =>
      history.points.map(({ at, bytes }) => ({
        time: Date.parse(at),
        bytes: Number(fromWireInteger(bytes)),
        exact: bytes,
      })),
    [history],
  );
  const largest = Math.max(0, ...points.map(({ bytes }) => bytes));
  const quota = props.quotaBytes ? Number(props.quotaBytes) : null;
  const showsQuota = quota !== null && quota < largest * 5;
  const scale = useChartScale(
    [...points.map(({ bytes }) => bytes), ...(showsQuota ? [quota] : [])],
    1024,
  );
  const drawn = scale.logarithmic ? points.filter(({ bytes }) => bytes > 0) : points;
  return (
    <div className={`oc-plot ${classes.plot}`}>
      {props.adjustable && <div className={classes.scale}>{scale.controls}</div>}
      <ResponsiveContainer width="100%" height="100%">
        <AreaChart
          data={drawn}
          margin={{ top: props.adjustable ? 36 : 8, right: 8, bottom: 0, left: 0 }}
        >
          <CartesianGrid vertical={false} stroke="var(--oc-hairline)" />
          <XAxis
            dataKey="time"
            type="number"
            scale="time"
            domain={[Date.parse(span.from), Date.parse(span.to)]}
            tickFormatter={(time: number) => formatDay(time, clock)}
            tick={{ fontSize: 11, fill: 'var(--oc-faint)' }}
            tickLine={false}
            axisLine={{ stroke: 'var(--oc-hairline)' }}
            minTickGap={40}
            height={24}
          />
          <YAxis
            width={72}
            ticks={scale.ticks}
            domain={scale.domain}
            scale={scale.logarithmic ? 'log' : 'auto'}
            allowDataOverflow={scale.isCut || scale.logarithmic}
            tickFormatter={(value: number) =>
              formatBytes(BigInt(Math.round(value))).replace(/\.0+(?= )/, '')
            }
            tick={{ fontSize: 11, fill: 'var(--oc-faint)' }}
            tickLine={false}
            axisLine={false}
          />
          <Tooltip
            isAnimationActive={false}
            content={({ active, payload }) => {
              const point = payload?.[0]?.payload as
                | { time: number; exact: WireInteger }
                | undefined;
              if (!active || !point) return null;
              return (
                <div className={usage.tooltip}>
                  <div className={usage.tooltipTime}>
                    {formatDateTime(new Date(point.time).toISOString(), clock)}
                  </div>
                  <span className="oc-number">{bytesWithExact(point.exact)}</span>
                </div>
              );
            }}
          />
          {showsQuota && (
            <ReferenceLine
              y={quota}
              stroke="#d55e00"
              strokeDasharray="6 4"
              label={{
                value: 'Quota',
                // below the line, unless the axis is there
                position: quota < largest / 4 ? 'insideBottomRight' : 'insideTopRight',
                fontSize: 11,
                fill: 'var(--oc-faint)',
              }}
            />
          )}
          <Area
            dataKey="bytes"
            name="Size"
            type="linear"
            baseValue={scale.logarithmic ? 'dataMin' : 0}
            stroke={color}
            fill={color}
            fillOpacity={0.16}
            strokeWidth={1.6}
            dot={
              points.length <= 60 ? { r: 2.5, fill: color, fillOpacity: 1, strokeWidth: 0 } : false
            }
            isAnimationActive={false}
          />
        </AreaChart>
      </ResponsiveContainer>
    </div>
  );
}
