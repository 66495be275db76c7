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
  | { allowed: true; reason: null; unlockable: false; plannable: false; unreachable: false }
  | {
      allowed: false;
      reason: string;
      /** Whether it is unlocked where the change is made. */
      unlockable: boolean;
      /** Whether changes go to a plan meanwhile, which is applied later or by another console. */
      plannable: boolean;
      /** Whether the gateway can't be read either. */
      unreachable: boolean;
    };

const open: WriteGuard = {
  allowed: true,
  reason: null,
  unlockable: false,
  plannable: false,
  unreachable: false,
};

const unreachable: ReadonlySet<AppErrorData['code']> = new Set([
  'CONNECTION_OFFLINE',
  'CREDENTIAL_MISSING',
]);

/** What keeps changes from being sent; a plan takes them. */
const plannable: ReadonlySet<AppErrorData['code']> = new Set([
  ...unreachable,
  'CONNECTION_READ_ONLY',
  'CERTIFICATE_PIN_MISMATCH',
]);

const noCluster: Pick<AppErrorData, 'code' | 'message' | 'hint'> = {
  code: 'CONNECTION_NOT_FOUND',
  message: 'No cluster is open.',
  hint: 'Open one at the top left.',
};

/** Returns whether core would accept a change of the cluster on screen now, with the reason if not. */
export function useWriteGuard(): WriteGuard {
  const cluster = useClusterIfAny();
  const hold = cluster ? cluster.hold : noCluster;
  if (!hold) return open;
  return {
    allowed: false,
    reason: `${hold.message} ${hold.hint} (${hold.code})`,
    unlockable: hold.code === 'CONNECTION_LOCKED',
    plannable: plannable.has(hold.code),
    unreachable: unreachable.has(hold.code),
  };
}

/**
 * Returns why an action that writes is off; null where it is on. A locked cluster is unlocked in the
 * dialog, and what can't be sent now goes to a plan there, unless it says why it can't wait in one.
 */
export function useActionHold(): (action: {
  writes: boolean;
  notPlannable?: string | undefined;
}) => string | null {
  const guard = useWriteGuard();
  return ({ writes, notPlannable }) => {
    if (!writes || guard.allowed || guard.unlockable) return null;
    if (!guard.plannable) return guard.reason;
    return notPlannable === undefined ? null : `${guard.reason} ${notPlannable}`;
  };
}

/** Why an action can't be added to a plan. */
export const notPlannable = {
  campaign:
    'A campaign keeps its steps for weeks, so they can’t be added to a plan: run this one once the cluster takes changes.',
  objects:
    'Statistics objects can’t be added to a plan: only a list just read says which of them are archived.',
  ends: 'A change with an end can’t be added to a plan.',
};

/** {@link useActionHold} of an action that writes. */
export function useWriteHold(why?: string): string | null {
  return useActionHold()({ writes: true, notPlannable: why });
}

/** Why what only the gateway itself takes is off: no plan, no unlocking in its dialog; null where it is on. */
export function useSentHold(why: string): string | null {
  const { allowed, plannable: waits, reason } = useWriteGuard();
  if (allowed) return null;
  return waits ? `${reason} ${why}` : reason;
}

/** A small button that begins a write; off, with the reason, while nothing can be written. */
export function EditButton(props: {
  label: string;
  /** Why it can't be added to a plan; omitted: it can. */
  notPlannable?: string;
  onClick(): void;
}) {
  const { label, onClick } = props;
  return (
    <GuardedButton
      size="compact-xs"
      variant="subtle"
      leftSection={<IconPencil size={12} />}
      reason={useWriteHold(props.notPlannable)}
      onClick={onClick}
    >
      {label}
    </GuardedButton>
  );
}
