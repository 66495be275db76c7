import { IconArrowRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { limitResources } from '#shared/limit-resources.ts';
import { formatBytes, formatCount, formatExactBytes } from '../../kit/components/format.ts';
import { UserStateBadge } from '../../kit/components/state-badge.tsx';
import classes from './operation.module.css';
import type { OperationPreview } from './use-preview.ts';

export type FieldChange = OperationPreview['fields'][number];

/** Stands for an id that the gateway is going to select. */
const chosenByGateway = '(new)';

const rates: ReadonlySet<string> = new Set(limitResources);

/** Returns whether "there is none" of this field means that the default applies. */
function isLimit(field: string): boolean {
  return field === 'quota' || rates.has(field);
}

/** Shown where a field has no value; differs for a limit, a list and a missing target. */
function absent(field: string, side: 'before' | 'after'): string {
  if (isLimit(field)) return 'not set';
  if (field === 'keys') return 'no access key';
  if (field === 'accounts') return 'no account';
  if (field === 'owner') return 'none';
  return side === 'before' ? 'does not exist' : 'deleted';
}

/**
 * A field's value in words: unset, zero (of a rate: unlimited) and a value are three different things.
 * @param side which of both it is on: what is absent there reads differently
 */
export function fieldText(
  { field, unit }: Pick<FieldChange, 'field'> & { unit?: string | undefined },
  value: string | null,
  side: 'before' | 'after',
): string {
  if (value === null) return absent(field, side);
  if (isLimit(field)) {
    return value === '0' && rates.has(field)
      ? 'unlimited'
      : `${withThousands(value)}${unit ? ` ${unit}` : ''}`;
  }
  if (field === 'currentBytes' && /^\d+$/.test(value)) return formatBytes(BigInt(value));
  return value;
}

function withThousands(value: string): string {
  const [whole = '', fraction] = value.split('.');
  const grouped = /^\d+$/.test(whole) ? formatCount(BigInt(whole)) : whole;
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

export function FieldValue(props: {
  change: Pick<FieldChange, 'field'> & { unit?: string | undefined };
  value: string | null;
  side: 'before' | 'after';
}): ReactNode {
  const { change, value, side } = props;
  const text = fieldText(change, value, side);
  if (value === null) return <span className={classes.absent}>{text}</span>;
  if (change.field === 'state' && (value === 'enabled' || value === 'disabled')) {
    return <UserStateBadge state={value} />;
  }
  if (change.field === 'keys') {
    return value.split(', ').map((accessKeyId) => (
      <span key={accessKeyId} className={classes.listed}>
        {accessKeyId === chosenByGateway ? (
          <span className={classes.absent}>a new key; the gateway assigns its id</span>
        ) : (
          <span className="oc-mono">{accessKeyId}</span>
        )}
      </span>
    ));
  }
  if (change.field === 'owner') return <span className="oc-mono">{value}</span>;
  if (change.field === 'currentBytes' && /^\d+$/.test(value)) {
    return <span title={formatExactBytes(BigInt(value))}>{text}</span>;
  }
  if (isLimit(change.field) && value === '0') return <i>{text}</i>;
  return text;
}

/** Every field before and after, side by side; what stays is dimmed. */
export function FieldChanges({ fields }: { fields: readonly FieldChange[] }) {
  return (
    <table className={classes.changes}>
      <thead>
        <tr>
          <th scope="col">
            <span className="oc-hidden">Field</span>
          </th>
          <th scope="col">Before</th>
          <th scope="col" className={classes.arrow}>
            <span className="oc-hidden">becomes</span>
          </th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((change) => (
          <tr key={change.field} data-changed={change.changed || undefined}>
            <th scope="row">{change.label}</th>
            <td>
              <FieldValue change={change} value={change.before} side="before" />
            </td>
            <td className={classes.arrow}>
              {change.changed && <IconArrowRight size={14} aria-label="becomes" />}
            </td>
            <td>
              {change.changed ? (
                <FieldValue change={change} value={change.after} side="after" />
              ) : (
                <span className={classes.same}>unchanged</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
