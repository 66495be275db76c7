import { useLayoutEffect } from 'react';

/** Space above and below a floating element, in pixels. */
const margin = 24;

/**
 * Tells the style sheets how much of the window's lower edge something that floats takes, so that what
 * scrolls ends above it.
 * @param property custom property of the root; the larger one counts (`--oc-room-below`)
 * @param find finds what floats, once it is there
 * @param shown whether it is there at all
 */
export function useRoomBelow(
  property: '--oc-tray-room' | '--oc-toast-room',
  find: () => Element | null,
  shown: boolean,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: finds the same as long as it is shown
  useLayoutEffect(() => {
    const root = document.documentElement.style;
    const element = find();
    if (!shown || !element) return;
    const measure = () => {
      const { height } = element.getBoundingClientRect();
      root.setProperty(property, height === 0 ? '0px' : `${Math.ceil(height) + margin}px`);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      observer.disconnect();
      root.removeProperty(property);
    };
  }, [shown, property]);
}
