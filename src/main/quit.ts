import { app, type BrowserWindow, dialog, type MessageBoxOptions, powerMonitor } from 'electron';
import { endIfLate, endInAnyCase, killIfFilesHang } from '#core/end-process.ts';

/** What the operator wants of the work under way on quitting. */
type Answer = 'background' | 'quit' | 'cancel';

const answers: readonly Answer[] = ['background', 'quit', 'cancel'];

interface QuittingOptions {
  /** Titles of the tasks under way. */
  workUnderWay(): string[];
  /** Continues without a window and quits when the work has ended. */
  finishInBackground(): void;
  /** Puts the work away; awaited once. */
  close(): Promise<void>;
}

function question(titles: readonly string[]): MessageBoxOptions {
  const shown = titles.slice(0, 5).map((title) => `• ${title}`);
  if (titles.length > shown.length) shown.push(`and ${titles.length - shown.length} more`);
  return {
    type: 'question',
    message: 'Quit while work is in progress?',
    detail: `${shown.join('\n')}\n\nA bulk run that is paused can be resumed at the next start; other work starts again from where it was saved.`,
    buttons: ['Finish in the background', 'Pause and quit', 'Cancel'],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  };
}

/**
 * Ends the console: asks first where work is under way, then lets the program quit only after its work
 * was put away. `close` runs once; the program ends 15 s later at the latest, whatever hangs.
 */
export class Quitting {
  readonly #options: QuittingOptions;
  #agreed = false;
  #asking = false;
  #closing = false;
  #closed = false;

  constructor(options: QuittingOptions) {
    this.#options = options;
    app.on('before-quit', (event) => this.#beforeQuit(event));
    app.on('will-quit', (event) => {
      if (this.#closed) return;
      event.preventDefault();
      this.#end();
    });
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(signal, () => this.quit());
    }
    // Electron hands the listener an event, which its types leave out
    powerMonitor.on('shutdown', ((event: { preventDefault(): void }) => {
      event.preventDefault(); // holds the system up for as long as closing takes
      this.quit();
    }) as () => void);
  }

  /** Whether the console is shutting down: nothing may be opened then. */
  get ending(): boolean {
    return this.#agreed;
  }

  quit(): void {
    this.#agreed = true;
    app.quit();
  }

  /** Puts the work away, then calls `action`, which ends the program: an installer may ask for a password. */
  endThen(action: () => void): void {
    if (this.#closing) return;
    this.#agreed = true;
    this.#closing = true;
    this.#options
      .close()
      .catch(() => undefined) // what hangs ends with the program
      .then(() => {
        this.#closed = true;
        action();
      });
  }

  /** Asks where work is under way, quits where there is none. */
  async request(): Promise<void> {
    if (this.#asking || this.#agreed) return;
    const titles = this.#options.workUnderWay();
    if (titles.length === 0) {
      this.quit();
      return;
    }
    this.#asking = true;
    const { response } = await dialog.showMessageBox(question(titles));
    this.#asking = false;
    const answer = answers[response] ?? 'cancel';
    if (answer === 'quit') this.quit();
    if (answer === 'background') this.#options.finishInBackground();
  }

  /**
   * Watches for the end of a Windows session. One that can still be held up is, while work is under
   * way; one that ends in any case leaves seconds, in which the work is put away.
   */
  watchSession(window: BrowserWindow): void {
    window.on('query-session-end', (event) => {
      if (this.#agreed || this.#options.workUnderWay().length === 0) return;
      if (event.reasons.includes('critical')) return;
      event.preventDefault();
      void this.request();
    });
    window.on('session-end', () => {
      this.#agreed = true;
      this.#end();
    });
  }

  #beforeQuit(event: { preventDefault(): void }): void {
    if (this.#agreed) return;
    if (this.#options.workUnderWay().length === 0) {
      this.#agreed = true;
      return;
    }
    event.preventDefault();
    void this.request();
  }

  #end(): void {
    if (this.#closing) return;
    this.#closing = true;
    endInAnyCase();
    this.#options
      .close()
      .catch(endIfLate)
      .then(() => killIfFilesHang())
      .then(() => app.exit(0))
      .catch(() => app.exit(1));
  }
}
