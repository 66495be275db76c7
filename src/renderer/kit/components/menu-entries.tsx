import { Menu } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { useOfferOnScreen } from '../stores/on-screen.ts';

/** One entry of a menu that a button opens. */
export interface MenuEntry {
  label: string;
  /** What the command palette calls it, where the label needs the button: `Export as CSV`. */
  verb?: string;
  /** Further words the palette finds it by. */
  keywords?: string;
  icon?: ReactNode;
  /** At its right: a hint, or that it is what is set. */
  mark?: ReactNode;
  destructive?: boolean;
  /** Why it is off. */
  reason?: string | null | undefined;
  start(): void;
}

/**
 * The items of a menu, each of which the command palette has too.
 * @param of whether they act on the whole page, or on what is selected there: that comes first in the palette
 */
export function useMenuEntries(
  entries: readonly MenuEntry[],
  of: 'page' | 'selection' = 'page',
): ReactNode[] {
  const menu = useId();
  useOfferOnScreen(() =>
    entries.map(({ label, verb = label.replace(/…$/, ''), keywords, reason = null, start }) => {
      return { id: `${menu}${verb}`, label: verb, keywords, ofRow: of === 'page', reason, start };
    }),
  );
  return entries.map(({ label, icon, mark, destructive, reason = null, start }) => (
    <Menu.Item
      key={label}
      leftSection={icon}
      rightSection={mark}
      {...(destructive ? { color: 'var(--oc-bad)' } : {})}
      {...(reason === null ? {} : { disabled: true, title: reason })}
      onClick={start}
    >
      {label}
    </Menu.Item>
  ));
}
