import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconDots, IconEye, IconKey } from '@tabler/icons-react';
import { openRevoke, openRotate } from '../../changes/keys/key-dialogs.tsx';
import type { KeyHolder } from '../../changes/keys/key-holder.ts';
import { openReveal } from '../../changes/keys/reveal-secret.tsx';
import { CopyButton } from '../../kit/components/copy-button.tsx';
import classes from '../../kit/detail/detail.module.css';
import { useWriteGuard } from '../../kit/use-write-guard.ts';

/** The keys of a holder, each with what can be done with it. */
export function KeyList({ holder }: { holder: KeyHolder }) {
  return holder.accessKeyIds.map((accessKeyId) => (
    <KeyEntry key={accessKeyId} holder={holder} accessKeyId={accessKeyId} />
  ));
}

function KeyEntry({ holder, accessKeyId }: { holder: KeyHolder; accessKeyId: string }) {
  const guard = useWriteGuard();
  const off = !guard.allowed && !guard.unlockable;
  const why = off ? { title: guard.reason } : {};
  return (
    <div className={classes.row}>
      <IconKey size={14} className="oc-faint" aria-hidden />
      <span className={`oc-mono ${classes.rowText}`}>{accessKeyId}</span>
      <CopyButton value={accessKeyId} label={`Copy access key id ${accessKeyId}`} />
      <Tooltip label="Reveal secret">
        <ActionIcon
          size={22}
          aria-label={`Reveal secret of ${accessKeyId}`}
          onClick={() => openReveal(holder, accessKeyId)}
        >
          <IconEye size={14} />
        </ActionIcon>
      </Tooltip>
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon size={22} aria-label={`Actions on key ${accessKeyId}`}>
            <IconDots size={14} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={off} {...why} onClick={() => openRotate(holder, accessKeyId)}>
            Rotate access key
          </Menu.Item>
          <Menu.Item
            color="var(--oc-bad)"
            disabled={off}
            {...why}
            onClick={() => openRevoke(holder, accessKeyId)}
          >
            Revoke access key
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
