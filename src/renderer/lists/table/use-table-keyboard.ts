import { useWindowEvent } from '@mantine/hooks';
import type { Virtualizer } from '@tanstack/react-virtual';
import type { RefObject } from 'react';
import { asksForRowMenu, openRowMenu } from '../../kit/components/row-menu.tsx';
import { isBusyWithKeys } from '../../kit/shortcuts.ts';

export interface TableKeyboardActions {
  /** Ctrl Enter: the row's own page. */
  onOpenFull?(index: number): void;
}

interface KeyboardTarget extends TableKeyboardActions {
  active: number;
  onActive(index: number): void;
  onOpen(index: number): void;
  onSelect?(index: number, how: 'one' | 'range'): void;
  onSelectAll?(): void;
  openId: string | null;
}

/**
 * The list's keyboard: arrows or J and K move (also while the detail panel is open), Page, Home and End
 * jump, Enter opens, Ctrl Enter opens the whole page, Space selects, Shift extends, Ctrl A selects all;
 * the Menu key, Shift F10 or M opens the row's menu.
 */
export function useTableKeyboard(
  target: KeyboardTarget,
  view: {
    scroller: RefObject<HTMLDivElement | null>;
    virtualizer: Virtualizer<HTMLDivElement, Element>;
    total: number;
    height: number;
  },
): void {
  const { scroller, virtualizer, total, height } = view;

  const moveTo = (index: number, event: KeyboardEvent) => {
    const next = Math.max(0, Math.min(total - 1, index));
    event.preventDefault();
    // So that it can be seen where the keyboard is.
    if (event.target === document.body) scroller.current?.focus({ preventScroll: true });
    virtualizer.scrollToIndex(next);
    if (event.shiftKey && target.onSelect) target.onSelect(next, 'range');
    target.onActive(next);
    if (target.openId !== null && next !== target.active) target.onOpen(next);
  };

  useWindowEvent('keydown', (event) => {
    if (total === 0 || event.defaultPrevented || isBusyWithKeys(event)) return;
    const inList =
      event.target === document.body ||
      (event.target instanceof Node && scroller.current?.contains(event.target) === true);
    const onControl =
      event.target instanceof Element && event.target.closest('button, a, input') !== null;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 2);
    const command = event.ctrlKey || event.metaKey;
    if (event.altKey) return;
    if (!command) {
      const steps: Record<string, number> = {
        ArrowDown: target.active + 1,
        j: target.active + 1,
        ArrowUp: target.active - 1,
        k: target.active - 1,
        ...(inList
          ? {
              PageDown: target.active + page,
              PageUp: target.active - page,
              Home: 0,
              End: total - 1,
            }
          : {}),
      };
      const next = steps[event.key];
      if (next !== undefined) return moveTo(next, event);
    }
    if (!inList || onControl) return;
    if (asksForRowMenu(event)) {
      event.preventDefault();
      virtualizer.scrollToIndex(target.active);
      openRowMenu(scroller.current);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (command) target.onOpenFull?.(target.active);
      else target.onOpen(target.active);
    } else if (event.key === ' ' && target.onSelect) {
      event.preventDefault();
      target.onSelect(target.active, event.shiftKey ? 'range' : 'one');
    } else if (command && event.key === 'a' && target.onSelectAll) {
      event.preventDefault();
      target.onSelectAll();
    }
  });
}
