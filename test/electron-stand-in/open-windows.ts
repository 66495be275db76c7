/** What the application's life cycle needs of a window. */
export interface ClosableWindow {
  /** @returns whether it closes, once it is gone; false where it was prevented */
  closed(): Promise<boolean>;
}

/** The windows that are open now. Apart from `BrowserWindow`, so that `app` can close them. */
export const openWindows = new Set<ClosableWindow>();
