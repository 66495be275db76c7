import { agreeing } from '#shared/counted.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { formatCount, formatCounted } from '../../../kit/components/format.ts';
import { useConsole } from '../../../kit/rpc/console-context.tsx';

/**
 * Asks before statistics objects are removed from the gateway. The archive keeps them; each is read again
 * first and skipped where it differs.
 * @param props.names null: all that are archived
 */
export function RemoveObjectsDialog(props: {
  count: number;
  skipped: number;
  names: readonly string[] | null;
  onDone(): void;
  onClose(): void;
}) {
  const cluster = useCluster();
  const call = useConsole();
  const { count, skipped, names } = props;
  return (
    <ConfirmDialog
      verb={`Delete ${formatCounted(count, 'object')}`}
      subject={`from ${cluster.name}`}
      destructive
      onClose={props.onClose}
      onConfirm={async () => {
        await call('usage.removeObjects', {
          connectionId: cluster.id,
          ...(names ? { names: [...names] } : {}),
        });
        props.onDone();
      }}
    >
      <p style={{ margin: 0 }}>
        {count === 1
          ? 'This statistics object is'
          : `These ${formatCount(count)} statistics objects are`}{' '}
        in the archive of this computer. Each is read once more and removed from the gateway only if
        it is still the same; figures and reports stay as they are.
      </p>
      {skipped > 0 && (
        <p style={{ margin: 0 }}>
          {formatCounted(skipped, 'selected object')} not archived yet, in conflict or still able to
          change {agreeing(skipped, 'is', 'are')} skipped.
        </p>
      )}
      <p className="oc-dimmed" style={{ margin: 0 }}>
        Other workstations that have not collected them will not be able to.
      </p>
    </ConfirmDialog>
  );
}

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
