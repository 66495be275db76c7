import { useWindowEvent } from '@mantine/hooks';
import { createContext, type ReactNode, useContext } from 'react';
import { ClusterProvider, type Connection } from '../cluster-context.tsx';
import { useDialogs } from '../stores/dialogs.ts';

const Acting = createContext<Connection | null>(null);

/**
 * Lets what is inside act on another cluster than the one on screen: what it reads, and every dialog
 * that is opened from it by mouse or keyboard, belongs to that cluster.
 */
export function ActingCluster(props: { connection: Connection; children: ReactNode }) {
  const { connection } = props;
  const act = () => useDialogs.getState().actOn(connection);
  return (
    <Acting value={connection}>
      <ClusterProvider connection={connection}>
        <div onClickCapture={act} onKeyDownCapture={act}>
          {props.children}
        </div>
      </ClusterProvider>
    </Acting>
  );
}

/**
 * Returns what begins something that opens a dialog later than by the operator's key or click: it acts
 * on the cluster of the part that it is called in, whatever was pressed meanwhile.
 */
export function useActHere(): (start: () => void) => void {
  const acting = useContext(Acting);
  return (start) => {
    useDialogs.getState().actOn(acting);
    start();
  };
}

/**
 * Lets every key and click act on the cluster on screen, but those inside an {@link ActingCluster}: also
 * a shortcut that is pressed while nothing has the focus.
 */
export function useActingOnScreen(): void {
  const act = () => useDialogs.getState().actOn(null);
  // before React hears of it
  useWindowEvent('click', act, { capture: true });
  useWindowEvent('keydown', act, { capture: true });
}
