import { useState } from 'react';
import { Link } from 'react-router';
import { customerPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ActionButton } from '../../kit/components/action-button.tsx';
import { Note, NoteActions } from '../../kit/components/note.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';

/** A user that was just mapped from a list of mismatches, which it left. */
export interface NewMapping {
  customerId: string;
  customerName: string;
  serviceId?: string;
  connectionId: string;
  userId: string;
  email: string;
}

/** The last mapping that was made on a list, and the note that says so. */
export function useMappedNote() {
  const [mapped, setMapped] = useState<NewMapping | null>(null);
  const note = mapped && <MappedNote mapped={mapped} onUndone={() => setMapped(null)} />;
  return { note, setMapped };
}

function MappedNote({ mapped, onUndone }: { mapped: NewMapping; onUndone(): void }) {
  const call = useConsole();
  const cluster = useCluster();
  const { customerName, email, ...mapping } = mapped;
  const undo = async () => {
    await call('customers.unmap', mapping);
    onUndone();
  };
  return (
    <Note tone="good" role="status">
      <p className="oc-flush">
        {email || mapping.userId} belongs to{' '}
        <Link to={customerPath(cluster.id, mapping.customerId)}>{customerName}</Link> now. Its usage
        is in the statements of this customer that are not issued yet.
      </p>
      <NoteActions>
        <ActionButton aria-label={`Undo: unmap ${email || mapping.userId}`} work={undo}>
          Undo
        </ActionButton>
      </NoteActions>
    </Note>
  );
}
