import { IconArrowRight } from '@tabler/icons-react';
import { type FieldChange, FieldValue } from './field-words.tsx';
import classes from './operation.module.css';

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
                <span className={classes.same}>stays</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
