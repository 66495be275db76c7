import { type RefObject, useLayoutEffect, useRef } from 'react';

const property = '--oc-tray-room';
const margin = 24;

/**
 * Tells the style sheets how much of the window's lower edge the tray of tasks covers, so that what
 * scrolls can be scrolled out from under it.
 * @param shown whether the tray is there at all
 */
export function useRoomForTray(shown: boolean): RefObject<HTMLElement | null> {
  const tray = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const root = document.documentElement.style;
    const element = tray.current;
    if (!shown || !element) return;
    const measure = () => {
      const height = element.getBoundingClientRect().height;
      root.setProperty(property, height === 0 ? '0px' : `${Math.ceil(height) + margin}px`);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      observer.disconnect();
      root.removeProperty(property);
    };
  }, [shown]);
  return tray;
}
