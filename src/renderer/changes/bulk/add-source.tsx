import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { PlanFields, usePlanDestination } from '../plans/plan-destination.tsx';
import type { BulkSource } from './change-values.ts';

/** Adds the changes of many targets to a plan that the console keeps, as they were last seen. */
export function AddSourceDialog(props: { source: BulkSource; onClose(added: boolean): void }) {
  const destination = usePlanDestination(true);
  const add = async () => {
    await destination.add({ source: props.source });
    props.onClose(true);
  };
  return (
    <ConfirmDialog
      verb="Add to plan"
      disabled={!destination.ready}
      closeWhenDone={false}
      onConfirm={add}
      onClose={() => props.onClose(false)}
    >
      <PlanFields destination={destination} disabled={false} />
    </ConfirmDialog>
  );
}
