import { Button } from '@mantine/core';

/** A secondary button: Cancel, Later, a second way. */
export const SecondaryButton = Button.withProps({ variant: 'default' });

/** A small button within a section, a note or a row. */
export const SmallButton = Button.withProps({ variant: 'default', size: 'compact-sm' });

/** A button of a row's height, within a table or a line of text. */
export const TinyButton = Button.withProps({ variant: 'default', size: 'compact-xs' });

/** A small button without a box, for what is rarely wanted. */
export const QuietButton = Button.withProps({
  variant: 'subtle',
  color: 'gray',
  size: 'compact-sm',
});

/**
 * How the button of something that destroys looks.
 * @param enabled whether it can be pressed: the words of a button that is off are grey
 */
export const destructiveLook = (enabled: boolean) => ({
  color: 'var(--oc-bad)',
  ...(enabled ? { c: 'var(--mantine-color-body)' } : {}),
});
