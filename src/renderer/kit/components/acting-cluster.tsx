import type { ReactNode } from 'react';
import { ClusterProvider, type Connection } from '../cluster-context.tsx';
import { useDialogs } from '../stores/dialogs.ts';

/**
 * Lets what is inside act on another cluster than the one on screen: what it reads, and every dialog
 * that is opened from it by mouse or keyboard, belongs to that cluster.
 */
export function ActingCluster(props: { connection: Connection; children: ReactNode }) {
  const { connection } = props;
  const act = () => useDialogs.getState().actOn(connection);
  return (
    <ClusterProvider connection={connection}>
      <div onClickCapture={act} onKeyDownCapture={act}>
        {props.children}
      </div>
    </ClusterProvider>
  );
}

/** Lets everything inside act on the cluster on screen again; is around all pages. */
export function ActingOnScreen({
  className,
  children,
}: {
  className: string;
  children: ReactNode;
}) {
  const act = () => useDialogs.getState().actOn(null);
  return (
    <div className={className} onClickCapture={act} onKeyDownCapture={act}>
      {children}
    </div>
  );
}
