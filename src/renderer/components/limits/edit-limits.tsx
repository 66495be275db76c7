import { SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { openDialog } from '../../stores/dialogs.ts';
import { OperationDialog } from '../operation/operation-dialog.tsx';
import classes from './limits.module.css';
import {
  type LimitResource,
  type LimitState,
  type LimitTarget,
  limitResources,
} from './resources.ts';

/** One rate as the operator enters it: unlimited, or a number. */
interface RateEntry {
  unlimited: boolean;
  text: string;
}

type Entries = Record<LimitResource, RateEntry>;

/** What a rate typed by the operator is wrong with; null where it can be sent. */
export function rateError({ unlimited, text }: RateEntry): string | null {
  if (unlimited) return null;
  const entered = text.trim();
  if (entered === '') return 'Enter a number.';
  if (!/^\d{1,12}(\.\d{1,2})?$/.test(entered)) return 'A number with two decimals at most.';
  return Number(entered) === 0 ? '0 means unlimited: choose that.' : null;
}

function entriesOf({ limits }: LimitState): Entries {
  const entry = (id: LimitResource): RateEntry => {
    const rate = limits[id] ?? 0;
    return rate === 0 ? { unlimited: true, text: '' } : { unlimited: false, text: String(rate) };
  };
  return Object.fromEntries(limitResources.map(({ id }) => [id, entry(id)])) as Entries;
}

/**
 * What is handed over. Where none are set yet only those that limit are named (one at least): the
 * gateway makes the others unlimited by itself.
 */
export function limitsToSend(
  entries: Entries,
  set: boolean,
): Partial<Record<LimitResource, string>> {
  const value = ({ unlimited, text }: RateEntry) => (unlimited ? '0' : text.trim());
  const all = limitResources.map(({ id }) => [id, value(entries[id])] as const);
  const named = set ? all : all.filter(([, rate]) => rate !== '0');
  return Object.fromEntries(named.length === 0 ? [['opsDefault', '0'] as const] : named);
}

function RateRow(props: {
  resource: (typeof limitResources)[number];
  entry: RateEntry;
  onChange(entry: RateEntry): void;
}) {
  const { resource, entry, onChange } = props;
  const { label, unit, says } = resource;
  const wrong = entry.text === '' ? null : rateError(entry);
  return (
    <tr>
      <th scope="row">
        {label}
        <div className="oc-caption">{says}</div>
      </th>
      <td>
        <SegmentedControl
          size="xs"
          aria-label={`${label}: unlimited or limited`}
          value={entry.unlimited ? 'unlimited' : 'limited'}
          onChange={(value) => onChange({ ...entry, unlimited: value === 'unlimited' })}
          data={[
            { value: 'unlimited', label: 'Unlimited' },
            { value: 'limited', label: 'At most' },
          ]}
        />
      </td>
      <td>
        <TextInput
          aria-label={`${label}, ${unit}`}
          value={entry.unlimited ? '' : entry.text}
          placeholder={entry.unlimited ? 'unlimited' : ''}
          disabled={entry.unlimited}
          inputMode="decimal"
          error={wrong}
          onChange={(event) => onChange({ ...entry, text: event.currentTarget.value })}
          rightSection={<span className="oc-caption">{unit}</span>}
          rightSectionWidth={84}
          autoComplete="off"
        />
      </td>
    </tr>
  );
}

/** Sets the six rate limits of one user or bucket, or takes them away. */
function EditLimitsDialog(props: { target: LimitTarget; limits: LimitState; onClose(): void }) {
  const { target, limits, onClose } = props;
  const [own, setOwn] = useState(true);
  const [entries, setEntries] = useState(() => entriesOf(limits));
  const [touched, setTouched] = useState(limits.set);
  const complete = limitResources.every(({ id }) => rateError(entries[id]) === null);
  const input = own ? { target, limits: limitsToSend(entries, limits.set) } : { target };
  return (
    <OperationDialog
      operation={own ? 'limits.set' : 'limits.clear'}
      input={own && !(complete && touched) ? null : input}
      onClose={onClose}
      form={
        <>
          <SegmentedControl
            aria-label="Rate limits"
            value={own ? 'own' : 'notSet'}
            onChange={(value) => setOwn(value === 'own')}
            data={[
              { value: 'notSet', label: 'Not set' },
              { value: 'own', label: 'Own limits' },
            ]}
          />
          {own ? (
            <table className={classes.rates}>
              <tbody>
                {limitResources.map((resource) => (
                  <RateRow
                    key={resource.id}
                    resource={resource}
                    entry={entries[resource.id]}
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
        </>
      }
    />
  );
}

/**
 * Opens the dialog that changes rate limits.
 * @param limits as they are now, to start from
 */
export function openEditLimits(target: LimitTarget, limits: LimitState): void {
  openDialog((close) => <EditLimitsDialog target={target} limits={limits} onClose={close} />);
}
