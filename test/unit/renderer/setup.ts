import '@testing-library/jest-dom/vitest';
import { notifications } from '@mantine/notifications';
import { cleanup, configure } from '@testing-library/react';
import * as React from 'react';
import { afterEach } from 'vitest';
import { useTray } from '#renderer/app/tasks-tray-store.ts';
import { useShortcutsHelp } from '#renderer/kit/shortcuts-help.tsx';
import { useDialogs } from '#renderer/kit/stores/dialogs.ts';
import { usePreferences } from '#renderer/kit/stores/preferences.ts';
import { useRecentWrites } from '#renderer/kit/stores/recent-writes.ts';
import { savedFiles } from './saved-files.ts';

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
// as newer Chromium has it: with a promise, which no effect may return
Element.prototype.scrollIntoView = async () => {};
Element.prototype.scrollTo = function scrollTo(this: Element, ...options: unknown[]) {
  const [target] = options;
  const top = typeof target === 'object' && target && 'top' in target ? Number(target.top) : 0;
  this.scrollTop = top;
  // as in a browser, scrolling ends before listeners are called
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

let lastBlob: Blob | null = null;
Object.assign(URL, {
  createObjectURL: (content: Blob) => {
    lastBlob = content;
    return 'blob:file';
  },
  revokeObjectURL: () => {},
});
HTMLAnchorElement.prototype.click = function click(this: HTMLAnchorElement) {
  if (this.download === '' || !lastBlob) HTMLElement.prototype.click.call(this);
  else savedFiles.push({ name: this.download, content: lastBlob });
  lastBlob = null;
};

Object.defineProperty(document, 'fonts', { configurable: true, value: new EventTarget() });

// Whether an element is hidden is worked out from every style above it: too slow for whole pages.
configure({
  defaultHidden: true,
  asyncUtilTimeout: 300_000,
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
  // the next file is drawn in the same window
  useDialogs.setState(useDialogs.getInitialState(), true);
  usePreferences.setState(usePreferences.getInitialState(), true);
  useRecentWrites.setState(useRecentWrites.getInitialState(), true);
  useShortcutsHelp.setState(useShortcutsHelp.getInitialState(), true);
  useTray.setState(useTray.getInitialState(), true);
  notifications.clean();
  savedFiles.length = 0;
  document.body.replaceChildren();
  localStorage.clear();
  sessionStorage.clear();
});
