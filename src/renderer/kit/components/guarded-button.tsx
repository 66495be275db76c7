import { Button, type ButtonProps } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { AppErrorData } from '#shared/errors.ts';
import { useClusterIfAny } from '../cluster-context.tsx';

/**
 * A button that can be off for a reason. It stays reachable by keyboard then, so that the reason can be
 * read, and does nothing.
 * @param props.reason why it is off; null where it is on
 * @param props.hint said on hover while it is on
 */
export function GuardedButton(
  props: Pick<ButtonProps, 'variant' | 'size' | 'loading' | 'leftSection' | 'color' | 'c'> & {
    reason: string | null;
    hint?: string;
    label?: string;
    onClick(): void;
    children: ReactNode;
  },
) {
  const { reason, hint, label, onClick, children, ...look } = props;
  const off = reason !== null;
  return (
    <Button
      {...look}
      {...(label === undefined ? {} : { 'aria-label': label })}
      {...(off ? { 'data-disabled': true, 'aria-disabled': true } : {})}
      data-hint={reason ?? hint}
      onClick={() => {
        if (!off) onClick();
      }}
    >
      {children}
    </Button>
  );
}

/** Whether the cluster on screen takes writes now, and if not, why: for a tooltip. */
type WriteGuard =
  | { allowed: true; reason: null; unlockable: false }
  | { allowed: false; reason: string; unlockable: boolean };

const noCluster: Pick<AppErrorData, 'code' | 'message' | 'hint'> = {
  code: 'CONNECTION_NOT_FOUND',
  message: 'No cluster is open.',
  hint: 'Open one at the top left.',
};

/** Says why core would refuse a change of the cluster on screen now, so that no button has to be tried. */
export function useWriteGuard(): WriteGuard {
  const cluster = useClusterIfAny();
  const hold = cluster ? cluster.hold : noCluster;
  if (!hold) return { allowed: true, reason: null, unlockable: false };
  return {
    allowed: false,
    reason: `${hold.message} ${hold.hint} (${hold.code})`,
    unlockable: hold.code === 'CONNECTION_LOCKED',
  };
}

/** Why a button that begins a write is off; null where it is on: a locked cluster is unlocked in its dialog. */
export function useWriteHold(): string | null {
  const guard = useWriteGuard();
  return guard.allowed || guard.unlockable ? null : guard.reason;
}

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
