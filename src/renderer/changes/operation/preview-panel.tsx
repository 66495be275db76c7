import { IconCircleCheck } from '@tabler/icons-react';
import { Time } from '../../kit/components/time.tsx';
import { TargetName } from './dialog-target.tsx';
import { FieldChanges } from './field-changes.tsx';
import { ImpactFacts } from './impact-facts.tsx';
import classes from './operation.module.css';
import { PlannedRequests } from './planned-requests.tsx';
import type { OperationPreview } from './use-preview.ts';

/** What an operation would do: target, before and after, what it touches, the same by command line. */
export function PreviewPanel({
  preview,
  current,
  named = false,
}: {
  preview: OperationPreview;
  current: boolean;
  /** The target is named above already. */
  named?: boolean;
}) {
  const { target } = preview;
  return (
    <div className={`${classes.body} ${current ? '' : classes.pending}`} aria-busy={!current}>
      <div>
        {!named && <TargetName {...target} />}
        <div className="oc-caption">
          {preview.source === 'gateway' ? 'Read from the gateway ' : 'As last seen '}
          <Time value={preview.asOf} as="age" />
        </div>
      </div>
      <FieldChanges fields={preview.fields} />
      {preview.unchanged && (
        <div className={classes.note} data-tone="good">
          <IconCircleCheck size={16} aria-hidden />
          <div className={classes.noteBody}>No change needed: nothing will be sent.</div>
        </div>
      )}
      <ImpactFacts preview={preview} />
      <PlannedRequests preview={preview} />
    </div>
  );
}
