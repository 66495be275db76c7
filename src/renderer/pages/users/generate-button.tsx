import { Button, Tooltip } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { openGenerate } from '../../changes/keys/key-dialogs.tsx';
import { holderName, type KeyHolder } from '../../changes/keys/key-holder.ts';
import { useWriteGuard } from '../../kit/use-write-guard.ts';

/** Makes a new key pair; off, with the reason, where both slots are taken or nothing can be written. */
export function GenerateButton({ holder }: { holder: KeyHolder }) {
  const guard = useWriteGuard();
  const full = holder.accessKeyIds.length >= 2;
  const reason = full
    ? 'Both slots are taken, which is the most the gateway allows. Rotate a key, or revoke one first. (KEY_LIMIT_REACHED)'
    : guard.allowed || guard.unlockable
      ? null
      : guard.reason;
  return (
    <Tooltip label={reason} disabled={reason === null}>
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<IconPlus size={12} />}
        data-disabled={reason !== null}
        aria-disabled={reason !== null}
        aria-label={`Generate key for ${holderName(holder)}`}
        onClick={() => reason === null && openGenerate(holder)}
      >
        Generate key
      </Button>
    </Tooltip>
  );
}
