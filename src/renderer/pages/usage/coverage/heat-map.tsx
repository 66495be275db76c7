import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import { hour } from '#shared/durations.ts';
import {
  type Clock,
  dateFormat,
  formatDateTime,
  formatDay,
  shortenMiddle,
} from '../../../kit/components/format.ts';
import type { Span } from '../period/period.ts';
import { serviceWords } from '../shared/figures.ts';
import { type Coverage, cellWords, hoursPerCell, legendOf, toCells, toRuns } from './cells.ts';
import classes from './coverage.module.css';
import { fillOf, StatePatterns } from './legend.tsx';

const leastCell = 5;
const rowHeight = 24;
const labelWidth = 132;

interface Cell {
  service: number;
  column: number;
}

/**
 * Services by hours: what is collected, missing, late, duplicate or conflicting. The pointer or the arrow
 * keys select a cell, which is described in words; a click or Enter goes into that time.
 */
export function HeatMap(props: { coverage: Coverage; clock: Clock; onZoom(span: Span): void }) {
  const { coverage, clock } = props;
  const { ref, width } = useElementSize();
  const [cell, setCell] = useState<Cell | null>(null);
  const hours = coverage.services[0]?.hours.length ?? 0;
  const room = Math.max(200, width - labelWidth);
  const step = hoursPerCell(hours, room / leastCell);
  const columns = Math.max(1, Math.ceil(hours / step));
  const cellWidth = room / columns;
  const words = cell ? wordsOf(coverage, cell, step, clock) : null;
  const select = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left - labelWidth) / cellWidth);
    const service = Math.floor((event.clientY - box.top) / rowHeight);
    const inside =
      column >= 0 && column < columns && service >= 0 && service < coverage.services.length;
    setCell(inside ? { service, column } : null);
  };
  const zoom = () => {
    if (!cell || step === 1) return;
    setCell(null);
    props.onZoom(spanOf(coverage, cell, step));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = moved(cell, event.key, columns, coverage.services.length);
    if (next) setCell(next);
    else if (event.key === 'Enter') zoom();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={classes.map} data-part="summary">
      <div ref={ref} />
      <StatePatterns />
      {/* biome-ignore lint/a11y/useSemanticElements: a map of cells is no field set */}
      <div
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys select a cell
        tabIndex={0}
        aria-label={`Coverage of ${coverage.services.length} gateway services. Arrow keys select a cell.`}
        className={classes.rows}
        style={{ cursor: step > 1 ? 'zoom-in' : 'default' }}
        onPointerMove={select}
        onPointerLeave={() => setCell(null)}
        onClick={zoom}
        onKeyDown={onKeyDown}
      >
        {coverage.services.map(({ serviceId, hours: states }, index) => (
          <div key={serviceId} className={classes.row} style={{ height: rowHeight }}>
            <span
              className={`oc-mono ${classes.label}`}
              style={{ width: labelWidth }}
              data-hint={`Gateway service ${serviceId}. ${serviceWords}`}
            >
              {shortenMiddle(serviceId, 14)}
            </span>
            <svg width={room} height={rowHeight} aria-hidden="true">
              {toRuns(toCells(states, step)).map(({ begin, length, state }) => (
                <rect
                  key={begin}
                  x={begin * cellWidth}
                  y={2}
                  width={length * cellWidth}
                  height={rowHeight - 4}
                  fill={fillOf(state)}
                />
              ))}
              {cell?.service === index && (
                <rect
                  x={cell.column * cellWidth}
                  y={1}
                  width={cellWidth}
                  height={rowHeight - 2}
                  className={classes.cursor}
                />
              )}
            </svg>
          </div>
        ))}
      </div>
      <HeatMapAxis
        from={coverage.from}
        hours={hours}
        width={room}
        offset={labelWidth}
        clock={clock}
      />
      <p className={classes.cellWords} aria-live="polite">
        {words ?? legendOf(step)}
      </p>
    </div>
  );
}

function moved(cell: Cell | null, key: string, columns: number, services: number): Cell | null {
  const { service, column } = cell ?? { service: 0, column: 0 };
  const within = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
  switch (key) {
    case 'ArrowRight':
      return { service, column: cell ? within(column + 1, columns) : 0 };
    case 'ArrowLeft':
      return { service, column: within(column - 1, columns) };
    case 'ArrowDown':
      return { service: cell ? within(service + 1, services) : 0, column };
    case 'ArrowUp':
      return { service: within(service - 1, services), column };
    case 'Home':
      return { service, column: 0 };
    case 'End':
      return { service, column: columns - 1 };
    default:
      return null;
  }
}

function spanOf({ from, to }: Coverage, { column }: Cell, step: number): Span {
  const begin = Date.parse(from) + column * step * hour;
  const end = Math.min(begin + step * hour, Date.parse(to));
  return { from: new Date(begin).toISOString(), to: new Date(end).toISOString() };
}

function wordsOf(coverage: Coverage, cell: Cell, step: number, clock: Clock): string {
  const service = coverage.services[cell.service];
  if (!service) return '';
  const span = spanOf(coverage, cell, step);
  const hours = service.hours.slice(cell.column * step, (cell.column + 1) * step);
  return `Gateway service ${service.serviceId} · ${formatDateTime(span.from, clock)} to ${formatDateTime(span.to, clock)} · ${cellWords(hours)}`;
}

const labelRoom = 72;

/** Marks of days or hours under the heat map. */
function HeatMapAxis(props: {
  from: string;
  hours: number;
  width: number;
  offset: number;
  clock: Clock;
}) {
  const { from, hours, width, offset, clock } = props;
  const marks = axisMarks(from, hours, Math.max(1, Math.floor(width / labelRoom)), clock);
  return (
    <div className={classes.axis} style={{ marginLeft: offset, width }} aria-hidden="true">
      {marks.map(({ at, label }, index) => {
        const left = (at / hours) * width;
        const isEnd = width - left < labelRoom / 1.5;
        // the last label is before its mark, where the one before it may be
        const before = marks[index - 1];
        if (isEnd && before && left - (before.at / hours) * width < labelRoom * 1.5) return null;
        return (
          <span key={at} data-end={isEnd || undefined} style={{ left }}>
            {label}
          </span>
        );
      })}
    </div>
  );
}

/**
 * Marks at midnights (of the clock on screen), or at hours where the period is short.
 * @param most how many labels fit
 * @returns positions in hours after `from`
 */
export function axisMarks(
  from: string,
  hours: number,
  most: number,
  clock: Clock,
): { at: number; label: string }[] {
  const start = Date.parse(from);
  const hourOf = dateFormat(clock, { hour: 'numeric', hourCycle: 'h23' }, 'en-GB');
  const byHours = hours <= 48;
  const every = byHours
    ? ([1, 2, 3, 6, 12, 24].find((step) => hours / step <= most) ?? 24)
    : Math.max(1, Math.ceil(hours / 24 / most));
  const marks: { at: number; label: string }[] = [];
  let days = 0;
  for (let at = 0; at < hours; at += 1) {
    const time = start + at * hour;
    const hourOfDay = Number(hourOf.format(time));
    if (byHours) {
      if (hourOfDay % every === 0) {
        marks.push({ at, label: hourOfDay === 0 ? formatDay(time, clock) : `${hourOfDay}:00` });
      }
    } else if (hourOfDay === 0) {
      if (days % every === 0) marks.push({ at, label: formatDay(time, clock) });
      days += 1;
    }
  }
  return marks;
}
