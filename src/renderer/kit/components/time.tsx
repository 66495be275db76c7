import { useClock } from '../stores/clock.ts';
import { useNow } from '../timers.ts';
import classes from './figures.module.css';
import { dateFormat, formatAge, formatDateTime, formatUtc } from './format.ts';

/**
 * A point in time. On screen by the operator's clock, in UTC and with its age on hover.
 * @param props.value ISO 8601, or null where it is not known
 * @param props.as `moment`: date and time; `age`: how long ago, in words, counting on
 * @param props.unknown what is there for null
 */
export function Time(props: { value: string | null; as?: 'moment' | 'age'; unknown?: string }) {
  const { value, as = 'moment', unknown = 'unknown' } = props;
  if (value === null) return <span className="oc-faint">{unknown}</span>;
  return as === 'age' ? <Age value={value} /> : <Moment value={value} />;
}

function Moment({ value }: { value: string }) {
  const clock = useClock();
  const age = ageInWords(value, Date.now());
  return (
    <time
      dateTime={value}
      className={`oc-number ${classes.figure}`}
      data-hint={`${formatUtc(value)} · ${age}`}
    >
      {formatDateTime(value, clock)}
    </time>
  );
}

function Age({ value }: { value: string }) {
  const now = useNow(30_000);
  return (
    <time dateTime={value} className={`oc-number ${classes.figure}`} data-hint={formatUtc(value)}>
      {ageInWords(value, now)}
    </time>
  );
}

function ageInWords(value: string, now: number): string {
  const age = formatAge(now - Date.parse(value));
  return age === 'just now' ? age : `${age} ago`;
}

/**
 * A day, not a moment: the same on every clock.
 * @param props.value begins with YYYY-MM-DD; null where it is not known
 * @param props.utc whether it is a day in UTC, which is said on hover
 * @param props.unknown what is there for null
 */
export function Day(props: { value: string | null; utc?: boolean; unknown?: string }) {
  const { value, unknown = 'unknown' } = props;
  if (value === null) return <span className="oc-faint">{unknown}</span>;
  const day = value.slice(0, 10);
  if (Number.isNaN(Date.parse(day))) return value;
  return (
    <time
      className="oc-number"
      dateTime={day}
      data-hint={props.utc ? `${day}, a day in UTC` : undefined}
    >
      {dateFormat('utc', { day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(day))}
    </time>
  );
}
