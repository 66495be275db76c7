import { Kbd, Modal } from '@mantine/core';
import { useEffect } from 'react';
import { create } from 'zustand';
import { shortcutList, useShortcut } from './shortcuts.ts';
import classes from './shortcuts-help.module.css';

export type GoToPages = readonly { goKey: string; label: string }[];

export function ShortcutsTable({ pages }: { pages: GoToPages }) {
  const goTo = {
    group: 'Go to',
    items: [
      ...pages.map(({ goKey, label }) => [`G ${goKey.toUpperCase()}`, label] as const),
      ['G A', 'All clusters'] as const,
      ['G C', 'Connections'] as const,
      ['G ,', 'Settings'] as const,
    ],
  };
  return (
    <div className={classes.groups}>
      {[...shortcutList.slice(0, 1), goTo, ...shortcutList.slice(1)].map(({ group, items }) => (
        <section key={group}>
          <h3 className={classes.group}>{group}</h3>
          <dl className="oc-flush">
            {items.map(([keys, does]) => (
              <div key={keys} className={classes.item}>
                <dt>
                  <Kbd size="xs">{keys}</Kbd>
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

export const useShortcutsHelp = create<{ opened: boolean; set(opened: boolean): void }>()(
  (set) => ({
    opened: false,
    set: (opened) => set({ opened }),
  }),
);

/** The list of shortcuts, opened by `?`. */
export function ShortcutsHelp({ pages }: { pages: GoToPages }) {
  const { opened, set } = useShortcutsHelp();
  useShortcut('?', () => set(true));
  useEffect(() => () => set(false), [set]);
  return (
    <Modal opened={opened} onClose={() => set(false)} title="Keyboard shortcuts" size={720}>
      <ShortcutsTable pages={pages} />
    </Modal>
  );
}
