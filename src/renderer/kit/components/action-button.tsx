import type { ButtonProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { showFailure, useAction } from '../use-action.ts';
import { SmallButton } from './buttons.ts';

/**
 * A button that does something at once and is busy until it is done; a toast says where it fails.
 * @param props.look how it is drawn; omitted: a small button
 */
export function ActionButton({
  work,
  look: Look = SmallButton,
  ...props
}: Pick<ButtonProps, 'leftSection' | 'disabled'> & {
  work(): Promise<unknown>;
  look?: typeof SmallButton;
  'aria-label'?: string;
  title?: string;
  children: ReactNode;
}) {
  const { running, run } = useAction(showFailure);
  return <Look {...props} loading={running} onClick={() => void run(work)} />;
}
