import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { CDPSession, Page } from 'playwright-core';
import { fromBrowser, toBrowser } from './addresses.ts';
import { app } from './app.ts';
import { openChromium } from './chromium.ts';
import { pack, unpack } from './cloned.ts';
import { ipcMain } from './ipc-main.ts';
import { pageWorld, preloadWorld } from './page-scripts.ts';
import { PreventableEvent } from './preventable.ts';
import { answerRoute, privilegedSchemes, requireOrigin } from './protocol.ts';
import { session as sessions } from './session.ts';

const worldName = 'Electron Isolated Context';

type WindowOpenHandler = (details: {
  url: string;
  frameName: string;
  features: string;
  disposition: string;
}) => { action: 'allow' | 'deny' };

/** As in Chromium, pages of one origin have one zoom. */
const zoomLevels = new Map<string, number>();
/** The page that Chromium opens with is the first window's. */
let isFirst = true;

/** An event of a navigation, as Electron hands it to a guard. */
class NavigationEvent extends PreventableEvent {
  readonly url: string;
  readonly isMainFrame: boolean;

  constructor(url: string, isMainFrame: boolean) {
    super();
    this.url = url;
    this.isMainFrame = isMainFrame;
  }
}

/** What comes from a page's preload script. */
interface PageMessage {
  /** Of an `invoke`, whose answer is waited for. */
  id?: number;
  channel: string;
  args: string;
  // as the preload's world has it, which the page can't change
  url: string;
  menu?: { isEditable: boolean; selectionText: string };
}

/** What a field lets be done, where all of it may be. */
const editFlags = Object.fromEntries(
  ['Undo', 'Redo', 'Cut', 'Copy', 'Paste', 'Delete', 'SelectAll'].map((deed) => [
    `can${deed}`,
    true,
  ]),
);

/** Stand-in for Electron's `WebContents`: one page of Chromium with the built preload script in it. */
export class WebContents extends EventEmitter {
  readonly #preload: string;
  #openHandler: WindowOpenHandler = () => ({ action: 'allow' });
  #page: Page | null = null;
  #session: CDPSession | null = null;
  #preloadContext: number | null = null;
  readonly #refused = new Set<string>();
  #openDenied = false;
  #loading = false;
  #destroyed = false;

  constructor(preloadPath: string) {
    super();
    this.#preload = readFileSync(preloadPath, 'utf8');
    app.emit('web-contents-created', {}, this);
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.#openHandler = handler;
  }

  getURL(): string {
    return fromBrowser(this.#page?.url() ?? '', privilegedSchemes);
  }

  isDestroyed(): boolean {
    return this.#destroyed || (this.#page?.isClosed() ?? false);
  }

  send(channel: string, ...args: unknown[]): void {
    if (this.#destroyed) throw new TypeError('Object has been destroyed');
    this.#receive({ kind: 'event', channel, args: pack(args) });
  }

  /** Loads an address the application chose itself: no navigation guard is asked. */
  async load(address: string): Promise<void> {
    requireOrigin(address);
    this.#loading = true;
    const page = await this.#open();
    await this.#grantPermissions(address);
    try {
      await page.goto(toBrowser(address, privilegedSchemes));
    } catch (error) {
      this.emit('did-fail-load', {}, -2, String(error), address, true);
      throw error;
    }
    this.#loading = false;
    this.emit('did-finish-load');
  }

  isLoading(): boolean {
    return this.#loading;
  }

  getZoomLevel(): number {
    return zoomLevels.get(this.#origin()) ?? 0;
  }

  setZoomLevel(level: number): void {
    zoomLevels.set(this.#origin(), level);
  }

  #origin(): string {
    const address = this.getURL();
    return URL.canParse(address) ? new URL(address).host : '';
  }

  readonly navigationHistory = {
    canGoBack: (): boolean => true,
    canGoForward: (): boolean => true,
    goBack: (): void => void this.#page?.goBack().catch(() => undefined),
    goForward: (): void => void this.#page?.goForward().catch(() => undefined),
  };

  reload(): void {
    void this.#page?.reload();
  }

  destroy(): void {
    this.#destroyed = true;
    void this.#page?.close().catch(() => undefined);
    this.emit('destroyed');
  }

  async #open(): Promise<Page> {
    if (this.#page) return this.#page;
    const context = await openChromium();
    // not any blank one: what a page tries to open is blank too, until it is closed
    const opened = isFirst ? context.pages()[0] : undefined;
    isFirst = false;
    const page = opened ?? (await context.newPage());
    this.#page = page;
    page.once('close', () => this.emit('page-closed'));
    page.on('crash', () => this.emit('render-process-gone', {}, { reason: 'crashed' }));
    page.on('popup', (popup) => {
      if (this.#openDenied) void popup.close();
    });
    await page.route('**/*', async (route) => {
      if (this.#refused.delete(route.request().url())) return await route.abort('aborted');
      return await answerRoute(route);
    });
    await this.#isolatePreload(page);
    return page;
  }

  async #isolatePreload(page: Page): Promise<void> {
    const session = await page.context().newCDPSession(page);
    this.#session = session;
    session.on('Runtime.bindingCalled', ({ payload }) => void this.#answer(payload));
    session.on('Page.windowOpen', ({ url, windowName, windowFeatures }) => {
      const asked = {
        url: fromBrowser(url, privilegedSchemes),
        frameName: windowName,
        features: windowFeatures.join(),
        disposition: 'foreground-tab',
      };
      this.#openDenied = this.#openHandler(asked).action === 'deny';
    });
    await session.send('Page.enable');
    const { frameTree } = await session.send('Page.getFrameTree');
    session.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === worldName && context.auxData?.frameId === frameTree.frame.id) {
        this.#preloadContext = context.id;
      }
    });
    session.on('Page.frameRequestedNavigation', ({ frameId, url, disposition }) => {
      if (disposition === 'currentTab') this.#askGuards(url, frameId === frameTree.frame.id);
    });
    await session.send('Runtime.enable');
    await session.send('Runtime.addBinding', {
      name: 'standInSend',
      executionContextName: worldName,
    });
    await session.send('Page.addScriptToEvaluateOnNewDocument', {
      source: `if (window === top) (${pageWorld})(${pack}, ${unpack})`,
    });
    await session.send('Page.addScriptToEvaluateOnNewDocument', {
      worldName,
      // as in Electron, frames within the page have no preload
      source: `if (window === top) (${preloadWorld})((require) => { const module = { exports: {} }, exports = module.exports;\n${this.#preload}\n}, ${pack}, ${unpack})`,
    });
  }

  // a navigation that the page itself asked for, announced before its request is made
  #askGuards(address: string, isMainFrame: boolean): void {
    const url = fromBrowser(address, privilegedSchemes);
    const event = new NavigationEvent(url, isMainFrame);
    this.emit('will-frame-navigate', event);
    if (isMainFrame) this.emit('will-navigate', event);
    if (event.defaultPrevented) this.#refused.add(address);
  }

  async #answer(payload: string): Promise<void> {
    const { id, channel, args, url, menu } = JSON.parse(payload) as PageMessage;
    if (menu) return void this.emit('context-menu', {}, { ...menu, editFlags });
    const frame = { url: fromBrowser(url, privilegedSchemes), parent: null };
    const event = { sender: this, senderFrame: frame };
    const values = unpack(args) as unknown[];
    if (id === undefined) return void ipcMain.emit(channel, event, ...values);
    try {
      const handler = ipcMain.handlers.get(channel);
      if (!handler) throw new Error(`No handler registered for '${channel}'`);
      this.#receive({ kind: 'value', id, value: pack(await handler(event, ...values)) });
    } catch (error) {
      this.#receive({ kind: 'error', id, text: String(error) });
    }
  }

  #receive(message: unknown): void {
    if (this.#preloadContext === null) return;
    const expression = `standInReceive(${JSON.stringify(JSON.stringify(message))})`;
    this.#session
      ?.send('Runtime.evaluate', { expression, contextId: this.#preloadContext })
      .catch(() => undefined); // the page is gone, and with it whoever waited
  }

  /**
   * Grants the page what the shell lets it have. As in Electron, whatever no handler refuses is granted.
   * Chromium asks nobody when it runs without a head, so that all is asked for on loading.
   */
  async #grantPermissions(address: string): Promise<void> {
    const { origin } = new URL(toBrowser(address, privilegedSchemes));
    const { protocol, host } = new URL(address);
    const asked = Object.entries(chromiumPermissions);
    const granted = await Promise.all(
      asked.map(([name]) => sessions.defaultSession.grants(this, name, `${protocol}//${host}/`)),
    );
    const context = await openChromium();
    const names = asked.flatMap(([, theirs], index) => (granted[index] ? theirs : []));
    await context.grantPermissions(names, { origin });
  }
}

/** Permissions by the names that Electron and Chromium's driver have for them. */
const chromiumPermissions = {
  'clipboard-sanitized-write': ['clipboard-write'],
  'clipboard-read': ['clipboard-read'],
  geolocation: ['geolocation'],
  notifications: ['notifications'],
  media: ['camera', 'microphone'],
  midi: ['midi'],
};
