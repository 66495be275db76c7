/** What the application's life cycle needs of a window. */
export interface ClosableWindow {
  close(): void;
}

/** The windows that are open now. Apart from `BrowserWindow`, so that `app` can close them. */
export const openWindows = new Set<ClosableWindow>();
