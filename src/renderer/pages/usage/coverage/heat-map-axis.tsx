import type { Clock } from '../../../kit/components/format.ts';
import { dateFormat, formatDay } from '../../../kit/components/format.ts';
import classes from './coverage.module.css';

const hour = 3_600_000;
const labelRoom = 72;

/** Marks of days or hours under the heat map. */
export function HeatMapAxis(props: {
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
      {marks.map(({ at, label }) => (
        <span
          key={at}
          data-end={width * (1 - at / hours) < labelRoom / 1.5 || undefined}
          style={{ left: (at / hours) * width }}
        >
          {label}
        </span>
      ))}
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
