import { IconPencil } from '@tabler/icons-react';
import { GuardedButton } from '../../kit/components/guarded-button.tsx';
import { useWriteHold } from '../../kit/use-write-guard.ts';

/** A small button that begins a write; off, with the reason, while nothing can be written. */
export function EditButton({ label, onClick }: { label: string; onClick(): void }) {
  return (
    <GuardedButton
      size="compact-xs"
      variant="subtle"
      leftSection={<IconPencil size={12} />}
      reason={useWriteHold()}
      onClick={onClick}
    >
      {label}
    </GuardedButton>
  );
}
