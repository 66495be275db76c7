import { Button, type ButtonProps } from '@mantine/core';
import type { ReactNode } from 'react';

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
