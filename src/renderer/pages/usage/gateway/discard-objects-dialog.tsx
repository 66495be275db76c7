import { useCluster } from '../../../kit/cluster-context.tsx';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { formatCounted } from '../../../kit/components/format.ts';
import { useConsole } from '../../../kit/rpc/console-context.tsx';

/** As many as one call takes. */
export const mostDiscarded = 1000;

/** Asks before objects that are not archived are deleted: their name or number has to be typed. */
export function DiscardObjectsDialog(props: {
  names: readonly string[];
  onDone(): void;
  onClose(): void;
}) {
  const cluster = useCluster();
  const call = useConsole();
  const { names } = props;
  const [only = ''] = names;
  return (
    <ConfirmDialog
      verb={`Discard ${formatCounted(names.length, 'object')}`}
      subject={`from ${cluster.name}`}
      destructive
      typedName={names.length === 1 ? only : String(names.length)}
      onClose={props.onClose}
      onConfirm={async (typedName) => {
        await call('usage.discardObjects', {
          connectionId: cluster.id,
          names: [...names],
          typedName,
        });
        props.onDone();
      }}
    >
      <p style={{ margin: 0 }}>
        {names.length === 1
          ? 'This statistics object is not archived.'
          : `These ${formatCounted(names.length, 'statistics object')} are not archived.`}{' '}
        What was counted in them is lost for good: no report and no statement can include it.
      </p>
    </ConfirmDialog>
  );
}
