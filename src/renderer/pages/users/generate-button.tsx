import { IconPlus } from '@tabler/icons-react';
import { openGenerate } from '../../changes/keys/key-dialogs.tsx';
import { holderName, type KeyHolder } from '../../changes/keys/key-holder.ts';
import { GuardedButton } from '../../kit/components/guarded-button.tsx';
import { useWriteHold } from '../../kit/use-write-guard.ts';

/** Makes a new key pair; off, with the reason, where both slots are taken or nothing can be written. */
export function GenerateButton({ holder }: { holder: KeyHolder }) {
  const hold = useWriteHold();
  const full = holder.accessKeyIds.length >= 2;
  return (
    <GuardedButton
      size="compact-xs"
      variant="subtle"
      leftSection={<IconPlus size={12} />}
      label={`Generate key for ${holderName(holder)}`}
      reason={
        full
          ? 'Both slots are taken, which is the most the gateway allows. Rotate a key, or revoke one first. (KEY_LIMIT_REACHED)'
          : hold
      }
      onClick={() => openGenerate(holder)}
    >
      Generate key
    </GuardedButton>
  );
}
