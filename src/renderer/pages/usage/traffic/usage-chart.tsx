import { type ReactNode, useMemo, useState } from 'react';
import {
  Bar,
  BarChart,
  CartesianGrid,
  ReferenceArea,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { CallOutput } from '#shared/contract/index.ts';
import { fromWireInteger } from '#shared/units.ts';
import { type Clock, dateFormat, formatBytes } from '../../../kit/components/format.ts';
import { useClock } from '../../../kit/stores/clock.ts';
import type { Span } from '../period/period.ts';
import { useChartScale } from '../shared/chart-scale.tsx';
import { bytesWithExact, exactCount, shortCount } from '../shared/figures.ts';
import classes from '../shared/usage.module.css';
import { type BarRun, complete, type Lack, lacksOf, lackWords, missingRuns } from './scope.ts';

/** Figures over time. */
export type Series = CallOutput<'usage.series'>;
type Point = Series['points'][number];
type Figure = Exclude<keyof Point, 'at'>;

/** One colour of a stack. */
interface Layer {
  figure: Figure;
  label: string;
  color: string;
}

/** What a chart draws: bytes in and out, or operations by kind. Colours of Okabe and Ito. */
const chartKinds = {
  traffic: {
    title: 'Traffic',
    unit: 'bytes',
    layers: [
      { figure: 'uploaded', label: 'In', color: '#0072b2' },
      { figure: 'downloaded', label: 'Out', color: '#e69f00' },
    ],
  },
  operations: {
    title: 'Operations',
    unit: 'operations',
    layers: [
      { figure: 'get', label: 'Get', color: '#56b4e9' },
      { figure: 'put', label: 'Put', color: '#d55e00' },
      { figure: 'list', label: 'List', color: '#009e73' },
      { figure: 'other', label: 'Other', color: '#cc79a7' },
    ],
  },
} as const satisfies Record<string, { title: string; unit: string; layers: readonly Layer[] }>;

export type ChartKind = keyof typeof chartKinds;

/** Opacity of the hatching of bars that lack only some of their hours. */
const inPart = 0.4;

const stepLengths = { hour: 3_600_000, day: 86_400_000 } as const;

function timeWords(iso: string, step: Series['step'], clock: Clock, long: boolean): string {
  return dateFormat(clock, {
    day: 'numeric',
    month: 'short',
    ...(long ? { year: 'numeric', weekday: 'short' } : {}),
    ...(step === 'hour' ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } : {}),
  }).format(new Date(iso));
}

/**
 * Bars over time, stacked; side by side on a logarithmic scale. Dragging zooms in; exact figures show on
 * hover and, with the chart focused, by the arrow keys.
 * @param props.onZoom gets the span that was dragged over
 */
export function UsageChart(props: {
  kind: ChartKind;
  series: Series;
  onZoom?: (span: Span) => void;
  /** At the right of the heading. */
  aside?: ReactNode;
}) {
  const { kind, series, onZoom } = props;
  const { layers, title, unit } = chartKinds[kind];
  const clock = useClock();
  const [sums, parts] = useMemo(() => {
    const figures = series.points.map((point) => layers.map(({ figure }) => Number(point[figure])));
    return [figures.map((of) => of.reduce((sum, value) => sum + value, 0)), figures.flat()];
  }, [series, layers]);
  const scale = useChartScale(sums, unit === 'bytes' ? 1024 : 1000, parts);
  const { logarithmic } = scale;
  const bars = useMemo(() => {
    // there is no place for nothing on a logarithmic axis
    const drawn = (value: number) => (logarithmic && value === 0 ? null : value);
    return series.points.map((point) => ({
      point,
      at: point.at,
      ...Object.fromEntries(layers.map(({ figure }) => [figure, drawn(Number(point[figure]))])),
    }));
  }, [series, layers, logarithmic]);
  const missing = useMemo(() => missingRuns(series), [series]);
  const lacks = useMemo(() => lacksOf(series), [series]);
  const hatch = `missing-${kind}`;
  const drag = useDragSpan(series, onZoom);
  return (
    <figure className={classes.chart} aria-label={`${title} over time`}>
      <figcaption className={classes.chartHead}>
        <span className="oc-strong">{title}</span>
        {layers.map(({ figure, label, color }) => (
          <span key={figure} className={classes.legend}>
            <span className={classes.swatch} style={{ background: color }} aria-hidden />
            {label}
          </span>
        ))}
        <MissingLegend runs={missing} />
        <span className={classes.chartAside}>
          {props.aside}
          {onZoom && scale.controls}
        </span>
      </figcaption>
      <div className={`oc-plot ${classes.plot}`}>
        <ResponsiveContainer width="100%" height="100%">
          <BarChart
            // Another span is another chart: what was pointed at in the one before is gone.
            key={`${series.points[0]?.at} ${series.points.length}`}
            data={bars}
            margin={{ top: 4, right: 4, bottom: 0, left: 0 }}
            barCategoryGap={bars.length > 60 ? 1 : '18%'}
            onMouseDown={({ activeLabel }) => drag.begin(activeLabel)}
            onMouseMove={({ activeLabel }) => drag.move(activeLabel)}
            onMouseUp={drag.end}
            onMouseLeave={drag.cancel}
            style={{ cursor: onZoom ? 'crosshair' : 'default', userSelect: 'none' }}
          >
            <defs>
              <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse">
                <path d="M-1 5l6 -6M0 6l6 -6M1 7l6 -6" className={classes.hatch} />
              </pattern>
            </defs>
            <CartesianGrid vertical={false} stroke="var(--oc-hairline)" />
            <XAxis
              dataKey="at"
              tickFormatter={(at: string) => timeWords(at, series.step, clock, false)}
              tick={{ fontSize: 11, fill: 'var(--oc-faint)' }}
              tickLine={false}
              axisLine={{ stroke: 'var(--oc-hairline)' }}
              minTickGap={28}
              height={24}
            />
            <YAxis
              width={64}
              ticks={scale.ticks}
              domain={scale.domain}
              scale={logarithmic ? 'log' : 'auto'}
              allowDataOverflow={scale.isCut || logarithmic}
              tickFormatter={(value: number) =>
                unit === 'bytes' ? axisBytes(value) : shortCount(value)
              }
              tick={{ fontSize: 11, fill: 'var(--oc-faint)' }}
              tickLine={false}
              axisLine={false}
            />
            <Tooltip
              isAnimationActive={false}
              cursor={{ fill: 'var(--oc-hover)' }}
              content={({ active, payload }) => {
                const point = (payload?.[0]?.payload as { point?: Point } | undefined)?.point;
                return active && point && !drag.over ? (
                  <ChartTooltip
                    kind={kind}
                    point={point}
                    lack={lacks.get(point.at) ?? complete}
                    step={series.step}
                    clock={clock}
                  />
                ) : null;
              }}
            />
            {layers.map(({ figure, label, color }) => (
              <Bar
                key={figure}
                dataKey={figure}
                name={label}
                {...(logarithmic ? {} : { stackId: 'all' })}
                fill={color}
                isAnimationActive={false}
              />
            ))}
            {missing.map(({ from, to, whole }) => (
              <ReferenceArea
                key={from}
                x1={from}
                x2={to}
                fill={`url(#${hatch})`}
                fillOpacity={whole ? 1 : inPart}
              />
            ))}
            {drag.over && (
              <ReferenceArea
                x1={drag.over[0]}
                x2={drag.over[1]}
                fill="var(--oc-accent)"
                fillOpacity={0.18}
                ifOverflow="visible"
              />
            )}
          </BarChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}

function MissingLegend({ runs }: { runs: readonly BarRun[] }) {
  const kinds = [
    { whole: true, words: 'Missing' },
    { whole: false, words: 'Missing in part' },
  ].filter(({ whole }) => runs.some((run) => run.whole === whole));
  return kinds.map(({ whole, words }) => (
    <span key={words} className={classes.legend}>
      <span
        className={classes.hatched}
        style={whole ? undefined : { opacity: inPart }}
        aria-hidden
      />
      {words}
    </span>
  ));
}

function axisBytes(value: number): string {
  return formatBytes(BigInt(Math.round(value))).replace(/\.0+(?= )/, '');
}

/**
 * Shows what the chart says of a bar under the pointer. No data is not zero: figures of nothing are left
 * out.
 */
export function ChartTooltip(props: {
  kind: ChartKind;
  point: Point;
  lack: Lack;
  step: Series['step'];
  clock: Clock;
}) {
  const { kind, point, lack } = props;
  const { layers, unit } = chartKinds[kind];
  const sum = layers.reduce((total, { figure }) => total + fromWireInteger(point[figure]), 0n);
  const words = (value: bigint) =>
    unit === 'bytes' ? bytesWithExact(value.toString()) : exactCount(value.toString());
  return (
    <div className={classes.tooltip}>
      <div className={classes.tooltipTime}>
        {timeWords(point.at, props.step, props.clock, true)}
      </div>
      {!(lack.whole && sum === 0n) && (
        <>
          {layers.map(({ figure, label, color }) => (
            <div key={figure} className={classes.tooltipRow}>
              <span className={classes.swatch} style={{ background: color }} aria-hidden />
              <span>{label}</span>
              <span className="oc-number">{words(fromWireInteger(point[figure]))}</span>
            </div>
          ))}
          <div className={classes.tooltipRow}>
            <span />
            <span>Together</span>
            <span className="oc-number">{words(sum)}</span>
          </div>
        </>
      )}
      {lack !== complete && <div>{lackWords(lack, sum === 0n)}</div>}
    </div>
  );
}

type Label = string | number | undefined;

/** Follows a drag across the bars and yields the span from the first to the end of the last. */
function useDragSpan(series: Series, onZoom: ((span: Span) => void) | undefined) {
  const [span, setSpan] = useState<[from: string, to: string] | null>(null);
  const ordered: [string, string] | null = span && (span[0] <= span[1] ? span : [span[1], span[0]]);
  return {
    over: ordered && ordered[0] !== ordered[1] ? ordered : null,
    begin: (label: Label) => {
      if (onZoom && typeof label === 'string') setSpan([label, label]);
    },
    move: (label: Label) => {
      if (span && typeof label === 'string' && label !== span[1]) setSpan([span[0], label]);
    },
    end: () => {
      if (ordered && ordered[0] !== ordered[1]) {
        onZoom?.({ from: ordered[0], to: endOf(series, ordered[1]) });
      }
      setSpan(null);
    },
    cancel: () => setSpan(null),
  };
}

/** When the bar that begins at this time ends: with the next one, or after one step. */
function endOf(series: Series, at: string): string {
  const next = series.points[series.points.findIndex((point) => point.at === at) + 1];
  return next?.at ?? new Date(Date.parse(at) + stepLengths[series.step]).toISOString();
}
