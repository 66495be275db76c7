import { Menu, Portal } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { type MouseEvent, type ReactNode, useCallback, useEffect, useState } from 'react';
import { isKey } from '../shortcuts.ts';

/** Marks the button in a row that opens the row's menu: the list's keyboard presses it. */
const rowMenuMark = 'data-row-menu';

/**
 * Returns whether a key asks for the menu of the row: the Menu key, Shift F10, or M where there is
 * neither.
 */
export function asksForRowMenu(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.key === 'ContextMenu' || isKey(event, 'm')) return true;
  return event.key === 'F10' && event.shiftKey;
}

export function openRowMenu(list: HTMLElement | null): void {
  const button = list?.querySelector<HTMLElement>(`[data-active] [${rowMenuMark}]`);
  // a menu is hidden as long as its button is out of sight
  button?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  button?.click();
}

/**
 * Three dots at the end of a row, which open its menu: {@link useRowMenu}.
 * @param props.tabbable whether Tab reaches it, as in a table without arrow keys
 */
export function RowMenuButton({ name, tabbable = false }: { name: string; tabbable?: boolean }) {
  return (
    <button
      type="button"
      className="oc-icon-button"
      tabIndex={tabbable ? 0 : -1}
      aria-label={`Actions on ${name}`}
      aria-haspopup="menu"
      data-row-hover
      // the list keeps the focus, and the menu gives it back to the list
      onMouseDown={(event) => !tabbable && event.preventDefault()}
      {...{ [rowMenuMark]: true }}
    >
      <IconDots size={14} aria-hidden />
    </button>
  );
}

interface OpenMenu<Row> {
  row: Row;
  button: HTMLElement;
  /** Where the button was. */
  place: Place;
  /** Where the menu is: at the button, or where a right click was. */
  at: Place;
}

/** The button in the row of an element. */
function buttonOf(element: Element): HTMLElement | null {
  return element.closest('[data-index]')?.querySelector<HTMLElement>(`[${rowMenuMark}]`) ?? null;
}

const place = { position: 'fixed', visibility: 'hidden', padding: 0, border: 0 } as const;

type Place = Record<'left' | 'top' | 'width' | 'height', number>;

function placeOf(button: HTMLElement): Place {
  const { left, top, width, height } = button.getBoundingClientRect();
  return { left, top, width, height };
}

function isAt(place: Place, { left, top }: Place): boolean {
  return Math.abs(place.left - left) < 1 && Math.abs(place.top - top) < 1;
}

/**
 * One menu for all rows of a list, opened where a press or a right click was.
 * @param items what the menu of a row offers; undefined: rows have none
 */
export function useRowMenu<Row>(items: ((row: Row) => ReactNode) | undefined): {
  /** Opens the menu where the press was on a row's button. */
  openAt(pressed: Element, row: Row): boolean;
  /** Opens the menu of the row where the pointer is; false where the row has none. */
  openAtPointer(event: MouseEvent, row: Row): boolean;
  /** Closes the menu where its button was scrolled away from under it. */
  followScroll(): void;
  menu: ReactNode;
} {
  const [last, setLast] = useState<OpenMenu<Row> | null>(null);
  const [opened, setOpened] = useState(false);
  const close = useCallback(() => setOpened(false), []);
  const button = last?.button;
  useEffect(() => {
    if (!opened || !button) return;
    button.setAttribute('aria-expanded', 'true');
    return () => button.removeAttribute('aria-expanded');
  }, [opened, button]);
  return {
    // bringing the button into sight scrolls too, and is reported only after the menu opened there
    followScroll: () => {
      if (last && !isAt(last.place, placeOf(last.button))) close();
    },
    openAt: (pressed, row) => {
      const at = pressed.closest<HTMLElement>(`[${rowMenuMark}]`);
      if (!at) return false;
      setLast({ row, button: at, place: placeOf(at), at: placeOf(at) });
      setOpened(!opened || at !== button);
      return true;
    },
    openAtPointer: ({ target, clientX: left, clientY: top }, row) => {
      const its = items && target instanceof Element ? buttonOf(target) : null;
      if (!its) return false;
      setLast({ row, button: its, place: placeOf(its), at: { left, top, width: 0, height: 0 } });
      setOpened(true);
      return true;
    },
    menu: items && (
      <Portal>
        <Menu opened={opened} onClose={close} position="bottom-end" width={220}>
          <Menu.Target>
            <button
              type="button"
              aria-hidden
              aria-label="Actions"
              tabIndex={-1}
              style={{ ...place, ...last?.at }}
            />
          </Menu.Target>
          <Menu.Dropdown>{last && items(last.row)}</Menu.Dropdown>
        </Menu>
      </Portal>
    ),
  };
}
