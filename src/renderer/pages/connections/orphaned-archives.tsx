import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { connectionPath } from '../../kit/addresses.ts';
import { SmallButton } from '../../kit/components/buttons.ts';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { useAction } from '../../kit/use-action.ts';

type Orphan = CallOutput<'connections.orphans'>[number];

/** Archives without a connection, after the list of connections was lost: each can be restored. */
export function OrphanedArchives() {
  const query = useCall('connections.orphans', {});
  const orphans = query.data ?? [];
  if (orphans.length === 0) return null;
  return (
    <section className="oc-state" aria-label="Archives without a connection">
      <p className="oc-flush">
        {formatCounted(orphans.length, 'archive')} in the data folder without a connection. Restore
        the connection to use it again.
      </p>
      {orphans.map((orphan) => (
        <OrphanRow key={orphan.id} orphan={orphan} onRestored={() => void query.refetch()} />
      ))}
    </section>
  );
}

function OrphanRow({ orphan, onRestored }: { orphan: Orphan; onRestored(): void }) {
  const call = useConsole();
  const { error, run } = useAction();
  const restore = () =>
    run(async () => {
      await call('connections.recover', { id: orphan.id });
      onRestored();
    });
  const name = orphan.connection?.name ?? orphan.id;
  return (
    <div>
      <b>{name}</b> {orphan.connection && <span>{orphan.connection.endpoint} </span>}
      <span className="oc-caption">
        {orphan.path}
        {orphan.objects !== null && `, ${formatCounted(orphan.objects, 'statistics object')}`}
      </span>{' '}
      {orphan.connection ? (
        <SmallButton aria-label={`Restore connection ${name}`} onClick={() => void restore()}>
          Restore connection
        </SmallButton>
      ) : (
        <SmallButton
          component={Link}
          to={connectionPath(orphan.id)}
          aria-label={`Enter connection ${name}`}
        >
          Enter connection
        </SmallButton>
      )}
      {error && <ErrorPanel error={error} compact />}
    </div>
  );
}
