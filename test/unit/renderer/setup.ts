import '@testing-library/jest-dom/vitest';
import { notifications } from '@mantine/notifications';
import { cleanup, configure } from '@testing-library/react';
import * as React from 'react';
import { afterEach } from 'vitest';

// What jsdom lacks of a window: media queries, observers, scrolling and any size at all.
class SizeObserver implements ResizeObserver {
  readonly #tell: ResizeObserverCallback;
  constructor(tell: ResizeObserverCallback) {
    this.#tell = tell;
  }
  observe(target: Element): void {
    const contentRect = target.getBoundingClientRect();
    const size = [{ inlineSize: 800, blockSize: 320 }];
    this.#tell(
      [
        {
          target,
          contentRect,
          borderBoxSize: size,
          contentBoxSize: size,
          devicePixelContentBoxSize: size,
        },
      ],
      this,
    );
  }
  unobserve(): void {}
  disconnect(): void {}
}

// for good: a test that takes its own stubs away takes away no other's
globalThis.ResizeObserver = SizeObserver;
window.matchMedia = (query) => ({
  matches: false,
  media: query,
  onchange: null,
  addListener: () => {},
  removeListener: () => {},
  addEventListener: () => {},
  removeEventListener: () => {},
  dispatchEvent: () => false,
});
Element.prototype.scrollIntoView = () => {};
Element.prototype.scrollTo = function scrollTo(this: Element, ...options: unknown[]) {
  const [target] = options;
  const top = typeof target === 'object' && target && 'top' in target ? Number(target.top) : 0;
  this.scrollTop = top;
  // as in a browser, whoever scrolls is done before anybody is told
  queueMicrotask(() => this.dispatchEvent(new Event('scroll')));
} as Element['scrollTo'];
for (const [name, size] of [
  ['offsetWidth', 800],
  ['offsetHeight', 320],
  ['clientHeight', 320],
  ['scrollHeight', 10_000_000],
] as const) {
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => size });
}

Object.defineProperty(document, 'fonts', { configurable: true, value: new EventTarget() });

// Whether an element is hidden is worked out from every style above it: too slow for whole pages.
configure({
  defaultHidden: true,
  asyncUtilTimeout: 120_000,
  // as it comes, a search that continues prints the page with every change of it
  getElementError: (message) => new Error(message ?? undefined),
});
Error.stackTraceLimit = 4;
// React takes a stack for each of the first ten thousand elements it makes within a second.
const internals: object = Reflect.get(
  React,
  '__CLIENT_INTERNALS_DO_NOT_USE_OR_WARN_USERS_THEY_CANNOT_UPGRADE',
);
Object.defineProperty(internals, 'recentlyCreatedOwnerStacks', {
  get: () => Number.POSITIVE_INFINITY,
  set: () => {},
});

afterEach(() => {
  cleanup();
  notifications.clean();
  document.body.replaceChildren();
  localStorage.clear();
  sessionStorage.clear();
});
