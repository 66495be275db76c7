import { Button, Tooltip } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useWriteGuard } from '../../kit/use-write-guard.ts';

/** A small button that begins a write; off, with the reason, while nothing can be written. */
export function EditButton(props: { label: string; onClick(): void }) {
  const guard = useWriteGuard();
  const reason = guard.allowed || guard.unlockable ? null : guard.reason;
  return (
    <Tooltip label={reason} disabled={reason === null}>
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<IconPencil size={12} />}
        data-disabled={reason !== null}
        aria-disabled={reason !== null}
        onClick={() => reason === null && props.onClick()}
      >
        {props.label}
      </Button>
    </Tooltip>
  );
}
