import { SegmentedControl } from '@mantine/core';
import { useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { type EnteredNumber, readNumberAgainst } from '#shared/entered-number.ts';
import { type LimitResource, limitRows, rateRules } from '#shared/limit-resources.ts';
import { NumberEntry } from '../../kit/components/number-entry.tsx';
import { optionsOf } from '../../kit/components/options.ts';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { usePlanMode } from '../../kit/stores/plan-mode.tsx';
import { OperationDialog } from '../operation/operation-dialog.tsx';
import type { PlannedFields } from '../plans/use-planning.tsx';
import {
  BusiestHourOf,
  type BusiestHours,
  BusiestHoursNote,
  useBusiestHours,
} from './busiest-hours.tsx';
import { CurrentUse } from './current-use.tsx';
import { type LimitState, type LimitTarget, subjectOf } from './limit-value.tsx';
import classes from './limits.module.css';
import { useTemporary } from './temporary.tsx';

/** One rate as the operator enters it: unlimited, or a number; and the one there is, if any. */
interface RateEntry {
  /** Not part of the change: what there is stays, whatever it is. */
  kept?: boolean;
  unlimited: boolean;
  text: string;
  current?: string | null;
}

type Entries = Record<LimitResource, RateEntry>;

/** Returns the rate that was typed, or in words why it can't be sent. */
export function readRate(
  { unlimited, text, current = null }: RateEntry,
  unit: string,
): EnteredNumber {
  if (unlimited) return { value: '0' };
  const read = readNumberAgainst(text, current, rateRules(unit));
  return read.value === '0' ? { error: '0 means unlimited: select that.' } : read;
}

/**
 * The rates there are, with those that are prepared in their place: `+10 %` changes what there is.
 * @param ofPlan whether they are those of a planned change, which says nothing of the others
 */
function entriesOf(
  limits: LimitState['limits'],
  prepared: LimitState['limits'],
  ofPlan: boolean,
): Entries {
  const entry = (id: LimitResource): RateEntry => {
    if (ofPlan && limits[id] === undefined) return { kept: true, unlimited: true, text: '' };
    const rate = prepared[id] ?? limits[id] ?? 0;
    const current = limits[id] ? String(limits[id]) : null;
    return { unlimited: rate === 0, text: rate === 0 ? '' : String(rate), current };
  };
  return Object.fromEntries(limitRows.map(({ id }) => [id, entry(id)])) as Entries;
}

/**
 * Returns what is handed over. Where none are set yet only those that limit are named (one at least): the
 * gateway makes the others unlimited on its own.
 */
export function limitsToSend(
  entries: Entries,
  set: boolean,
): Partial<Record<LimitResource, string>> {
  const all = limitRows
    .filter(({ id }) => !entries[id].kept)
    .map(({ id, unit }) => [id, readRate(entries[id], unit).value ?? ''] as const);
  const named = set ? all : all.filter(([, rate]) => rate !== '0');
  return Object.fromEntries(named.length === 0 ? [['opsDefault', '0'] as const] : named);
}

/** The rates counted from what a plan leaves of them; those that were not touched begin with it. */
function countedFrom(
  entries: Entries,
  seen: LimitState['limits'],
  planned: PlannedFields | null,
): Entries {
  const counted = (id: LimitResource): RateEntry => {
    const entry = entries[id];
    const left = planned?.[id];
    const rate = left === undefined ? String(seen[id] ?? 0) : (left ?? '0');
    const current = rate === '0' ? null : rate;
    const isTouched =
      entry.kept ||
      entry.unlimited !== ((entry.current ?? null) === null) ||
      entry.text !== (entry.current ?? '');
    return {
      ...entry,
      current,
      ...(isTouched ? {} : { unlimited: !current, text: current ?? '' }),
    };
  };
  return Object.fromEntries(limitRows.map(({ id }) => [id, counted(id)])) as Entries;
}

function RateRow(props: {
  resource: (typeof limitRows)[number];
  entry: RateEntry;
  busiest: BusiestHours | null | undefined;
  /** Whether it has the focus when the dialog opens. */
  first: boolean;
  /** Whether it can be no part of the change. */
  mayStay: boolean;
  onChange(entry: RateEntry): void;
}) {
  const { resource, entry, onChange } = props;
  const { label, unit, counts } = resource;
  const field = useRef<HTMLInputElement>(null);
  const setState = (state: string) => {
    const isLimited = state === 'limited';
    // The field takes the focus once it shows the rate.
    flushSync(() => onChange({ ...entry, kept: state === 'kept', unlimited: !isLimited }));
    if (isLimited) field.current?.focus();
  };
  const state = entry.unlimited ? 'unlimited' : 'limited';
  const wrong = entry.text === '' ? undefined : readRate(entry, unit).error;
  return (
    <tr>
      <th scope="row">
        {label}
        <div className="oc-caption">{counts}</div>
      </th>
      <td>
        <SegmentedControl
          size="xs"
          aria-label={`${label}: unlimited or limited`}
          value={entry.kept ? 'kept' : state}
          onChange={setState}
          data={[
            ...(props.mayStay ? optionsOf({ kept: 'Unchanged' }) : []),
            ...optionsOf({ unlimited: 'Unlimited', limited: 'At most' }),
          ]}
        />
      </td>
      <td>
        <NumberEntry
          ref={field}
          aria-label={`${label}, ${unit}`}
          value={entry.unlimited ? '' : entry.text}
          current={entry.current ?? null}
          {...(props.first ? { 'data-autofocus': true } : {})}
          placeholder={entry.kept ? 'stays' : entry.unlimited ? 'unlimited' : ''}
          rules={rateRules(unit)}
          error={wrong}
          onChange={(text) => onChange({ ...entry, text, kept: false, unlimited: false })}
          rightSection={<span className="oc-caption">{unit}</span>}
          rightSectionWidth={84}
        />
        <BusiestHourOf busiest={props.busiest?.[resource.id]} />
      </td>
    </tr>
  );
}

/** Sets the six rate limits of one user or bucket, or takes them away. */
export function EditLimitsDialog(props: {
  target: LimitTarget;
  limits: LimitState;
  /** Whether it starts out as a change that ends. */
  temporary?: boolean;
  /** Rates to begin with in place of those there are. */
  prepared?: LimitState['limits'];
  onClose(): void;
}) {
  const { target, limits, prepared = {}, onClose } = props;
  const ofPlan = usePlanMode().edited !== null;
  const [own, setOwn] = useState(limits.set || !ofPlan);
  const [entries, setEntries] = useState(() => entriesOf(limits.limits, prepared, ofPlan));
  const [first] = useState(
    () => (limitRows.find(({ id }) => !entries[id].unlimited) ?? limitRows[0])?.id,
  );
  const [touched, setTouched] = useState(limits.set || Object.keys(prepared).length > 0);
  const temporary = useTemporary(target, props.temporary ?? false);
  const busiest = useBusiestHours(target);
  const countFrom = (planned: PlannedFields | null) =>
    setEntries((before) => countedFrom(before, limits.limits, planned));
  const named = limitRows.filter(({ id }) => !entries[id].kept);
  const complete =
    named.length > 0 &&
    named.every(({ id, unit }) => readRate(entries[id], unit).error === undefined);
  const wanted = limitsToSend(entries, limits.set || ofPlan);
  const input = own ? { target, limits: wanted } : { target };
  const ends = temporary.on && own;
  return (
    <OperationDialog
      operation={own ? 'limits.set' : 'limits.clear'}
      input={own && !(complete && touched) ? null : input}
      subject={subjectOf(target)}
      onClose={onClose}
      onPlanned={countFrom}
      incomplete={ends && temporary.incomplete}
      {...(ends ? { through: (whole) => temporary.send(whole, { limits: wanted }) } : {})}
      form={
        <>
          <CurrentUse target={target} sizeGb={null} />
          <SegmentedControl
            aria-label="Rate limits"
            value={own ? 'own' : 'notSet'}
            onChange={(value) => setOwn(value === 'own')}
            data={optionsOf({ notSet: 'Not set', own: 'Own limits' })}
          />
          {own ? (
            <table className={classes.rates}>
              <tbody>
                {limitRows.map((resource) => (
                  <RateRow
                    key={resource.id}
                    resource={resource}
                    entry={entries[resource.id]}
                    busiest={busiest}
                    first={resource.id === first}
                    mayStay={ofPlan}
                    onChange={(entry) => {
                      setTouched(true);
                      setEntries({ ...entries, [resource.id]: entry });
                    }}
                  />
                ))}
              </tbody>
            </table>
          ) : (
            <div className="oc-dimmed">
              Takes all six away: no own limit, so nothing is limited.
            </div>
          )}
          {own && <BusiestHoursNote busiest={busiest} />}
          {own && temporary.fields}
        </>
      }
    />
  );
}

/**
 * Opens the dialog that changes rate limits.
 * @param limits as they are now, to start from
 * @param temporary whether it starts out as a change that ends
 * @param prepared rates to begin with in place of those there are
 */
export function openEditLimits(
  target: LimitTarget,
  limits: LimitState,
  temporary = false,
  prepared: LimitState['limits'] = {},
): void {
  openDialog((close) => (
    <EditLimitsDialog {...{ target, limits, temporary, prepared }} onClose={close} />
  ));
}
