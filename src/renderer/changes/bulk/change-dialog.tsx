import { Button, Modal, Tooltip } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SecondaryButton } from '../../kit/components/buttons.ts';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { useWriteGuard } from '../../kit/components/guarded-button.tsx';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { useSync } from '../../kit/use-sync.ts';
import { AddSourceDialog } from './add-source.tsx';
import classes from './bulk.module.css';
import { ChangeForm } from './change-form.tsx';
import {
  type BulkSource,
  type ChangeKind,
  type ChosenTargets,
  changeOf,
  countOf,
  emptyChange,
  sourceOf,
} from './change-values.ts';
import { PrepareProgress, usePrepare } from './prepare-progress.tsx';
import { SavePlanDialog } from './save-plan.tsx';

/** Asks what to change on selected targets, then opens the run's preview or saves it as a plan. */
function ChangeDialog(props: { targets: ChosenTargets; kind: ChangeKind; onClose(): void }) {
  const { targets, onClose } = props;
  const cluster = useCluster();
  const { status } = useSync(cluster.id);
  const [values, setValues] = useState(() => emptyChange(props.kind));
  const [planned, setPlanned] = useState<BulkSource | null>(null);
  const [added, setAdded] = useState<BulkSource | null>(null);
  const prepare = usePrepare(onClose);
  const { count, noun } = countOf(targets);
  const source = sourceOf(targets, changeOf(values));
  const guard = useWriteGuard();
  const offline = status?.state === 'offline' || guard.unreachable;
  const onlyPlanned = offline || guard.plannable;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (source && !offline && !prepare.running) void prepare.fromSource(source);
  };
  if (planned) {
    return (
      <SavePlanDialog
        source={planned}
        onClose={(saved) => (saved ? onClose() : setPlanned(null))}
      />
    );
  }
  if (added) {
    return (
      <AddSourceDialog source={added} onClose={(done) => (done ? onClose() : setAdded(null))} />
    );
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={
        noun === 'key'
          ? `Revoke ${formatCounted(count, 'access key')}`
          : `Change ${formatCounted(count, noun)}`
      }
      size={540}
      returnFocus={false}
      closeOnClickOutside={false}
    >
      <form onSubmit={submit} className="oc-form" noValidate>
        <fieldset className={classes.fields} disabled={prepare.running}>
          {noun === 'key' ? (
            <p className="oc-hint">
              Revoked keys stop working at once and can’t be brought back. The key that this console
              signs in with is skipped.
            </p>
          ) : (
            <ChangeForm values={values} onChange={setValues} noun={noun} />
          )}
        </fieldset>
        <PrepareProgress state={prepare} />
        {prepare.error && <ErrorPanel error={prepare.error} compact />}
        {offline && (
          <p className="oc-hint">
            The gateway can’t be reached, so nothing can be previewed or sent now. A plan can be
            made from what was last seen and applied later.
          </p>
        )}
        {onlyPlanned && !offline && <p className="oc-hint">{guard.reason}</p>}
        <div className="oc-buttons">
          <Button
            variant="subtle"
            color="gray"
            disabled={source === null || prepare.running}
            onClick={() => setPlanned(source)}
          >
            Save as a plan
          </Button>
          <Button
            variant={onlyPlanned ? 'filled' : 'subtle'}
            {...(onlyPlanned ? {} : { color: 'gray' })}
            disabled={source === null || prepare.running}
            onClick={() => setAdded(source)}
          >
            Add to plan
          </Button>
          <span className="oc-space" />
          <SecondaryButton onClick={prepare.running ? prepare.cancel : onClose}>
            Cancel
          </SecondaryButton>
          <Tooltip
            label={
              offline ? 'The gateway can’t be reached.' : 'Reads every target; sends no change.'
            }
          >
            <Button
              type="submit"
              loading={prepare.running}
              disabled={source === null || offline}
              {...(onlyPlanned ? { variant: 'subtle', color: 'gray' } : {})}
            >
              Preview {formatCounted(count, 'change')}
            </Button>
          </Tooltip>
        </div>
      </form>
    </Modal>
  );
}

export function openChangeDialog(targets: ChosenTargets, kind: ChangeKind): void {
  openDialog((close) => <ChangeDialog targets={targets} kind={kind} onClose={close} />);
}
