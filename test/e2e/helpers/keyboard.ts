import { expect, type Locator, type Page } from '@playwright/test';
import { dialog } from './save-cluster.ts';

/** More presses than this is no way to work; a page that needs them lacks a shortcut. */
const mostPresses = 70;

/** Where an element is relative to the focus, in the order of Tab. */
type Place = 'focused' | 'before' | 'after' | 'gone';

/** Runs in the page. */
function placeOf(element: Element): Place {
  const active = document.activeElement;
  if (!element.isConnected) return 'gone';
  if (active === element) return 'focused';
  if (!active || active === document.body) return 'after';
  const before = active.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING;
  return before ? 'before' : 'after';
}

/**
 * An operator without a mouse: everything it does is keys pressed, and what it presses them on has
 * the focus because keys led there.
 */
export class Keyboard {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Presses keys one after another: `Enter`, `Shift+F10`, `g`. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.#page.keyboard.press(key);
  }

  /**
   * Goes to a page by its chord, G and a letter. Both are pressed at once: a busy machine may put more
   * between two presses than the console waits for the second.
   */
  async go(letter: string, title: string): Promise<void> {
    await Promise.all([this.press('g'), this.press(letter)]);
    await expect(this.#page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  }

  /** Types into what has the focus. */
  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
  }

  /** Presses Tab, or Shift Tab where it is before, until the element has the focus. */
  async tabTo(target: Locator): Promise<void> {
    await expect(target).toBeAttached();
    // looked for once, and again where the page has drawn it again meanwhile: finding it takes longest
    let element = await target.elementHandle();
    let place = await element?.evaluate(placeOf);
    for (let presses = 0; place !== 'focused'; presses += 1) {
      if (presses === mostPresses) throw new Error(`Tab does not lead to ${target}.`);
      // at each press: what is drawn meanwhile may take the focus to the other side
      await this.press(place === 'before' ? 'Shift+Tab' : 'Tab');
      place = await element?.evaluate(placeOf);
      if (place !== 'gone') continue;
      element = await target.elementHandle();
      place = await element?.evaluate(placeOf);
    }
  }

  /** Goes to the list by Tab, once it has rows for the keys that follow. */
  async toList(): Promise<void> {
    const list = this.#page.getByRole('grid');
    await expect(list.getByRole('gridcell').first()).toBeVisible();
    await this.tabTo(list);
  }

  /** Goes to a button, link or checkbox by Tab and presses it. */
  async activate(target: Locator, key: 'Enter' | 'Space' = 'Enter'): Promise<void> {
    await expect(target).toBeEnabled();
    await this.tabTo(target);
    await this.press(key);
  }

  /** Goes to a field by Tab and replaces what it holds. */
  async fill(target: Locator, text: string): Promise<void> {
    await this.tabTo(target);
    await this.press('ControlOrMeta+a');
    await this.type(text);
  }

  /** Goes to a choice of one by Tab, and by arrows to the option of that name. */
  async select(options: Locator, name: string | RegExp): Promise<void> {
    const wanted = options.getByRole('radio', { name, exact: true });
    const checked = options.getByRole('radio', { checked: true });
    await expect(wanted).toBeAttached();
    await this.tabTo((await checked.count()) > 0 ? checked : options.getByRole('radio').first());
    if (!(await wanted.isChecked())) await this.press('Space');
    for (let presses = 0; !(await wanted.isChecked()); presses += 1) {
      if (presses === 10) throw new Error(`Arrows do not lead to ${wanted}.`);
      await this.press('ArrowRight');
    }
  }

  /** Opens a menu by its button, and goes by arrows to the entry of that name and presses it. */
  async chooseFrom(button: Locator, entry: string): Promise<void> {
    await this.activate(button);
    await this.chooseEntry(entry);
  }

  /** Opens the list's filters, ticks the one of that name and closes them again. */
  async filter(name: string): Promise<void> {
    const button = this.#page.getByRole('button', { name: 'Filter', exact: true });
    await this.activate(button);
    await this.activate(dialog(this.#page).getByRole('checkbox', { name, exact: true }), 'Space');
    await this.press('Escape');
    await expect(button).toBeFocused();
  }

  /** Goes by arrows to the entry of the open menu and presses it. */
  async chooseEntry(name: string): Promise<void> {
    const menu = this.#page.getByRole('menu');
    const entry = menu.getByText(name, { exact: true });
    await expect(entry).toBeVisible();
    const focused = menu.locator(':focus');
    await expect(focused).toBeAttached();
    for (let presses = 0; presses < 20; presses += 1) {
      if ((await focused.textContent())?.trim() === name) return await this.press('Enter');
      await this.press('ArrowDown');
    }
    throw new Error(`Arrows do not lead to the entry "${name}".`);
  }

  /** Runs an action of the command palette: the words find it, and Enter does the first. */
  async run(action: string): Promise<void> {
    await this.press('ControlOrMeta+k');
    const field = this.#page.getByLabel('Search everything');
    await expect(field).toBeFocused();
    await this.type(action);
    const first = this.#page.locator('[data-action][data-selected]');
    await expect(first).toContainText(action);
    await this.press('Enter');
    await expect(field).toBeHidden();
  }

  /** Goes to a user or bucket by its name, in the command palette. */
  async open(name: string): Promise<void> {
    await this.run(name);
    await expect(this.#page.getByRole('heading', { level: 2, name })).toBeVisible();
  }

  /** Goes to the verb of the open dialog by Tab, presses it, and waits until it is verified. */
  async confirm(verb: string): Promise<void> {
    const before = await this.#timesVerified(verb);
    await this.activate(dialog(this.#page).getByRole('button', { name: verb, exact: true }));
    await this.#verified(verb, before);
  }

  /** Enter in a field of the open dialog, once its verb can be pressed. */
  async submit(verb: string): Promise<void> {
    const button = dialog(this.#page).getByRole('button', { name: verb, exact: true });
    await expect(button).toBeEnabled();
    const before = await this.#timesVerified(verb);
    await this.press('Enter');
    await this.#verified(verb, before);
  }

  /** Says that a new pair is stored. */
  async stored(): Promise<void> {
    await this.activate(dialog(this.#page).getByRole('button', { name: 'Done' }));
  }

  /** How often the page has said so: its messages do not stay. */
  async #timesVerified(verb: string): Promise<number> {
    const messages = await this.#page.evaluate(() => window.messages ?? []);
    return messages.filter((text) => text.includes(`${verb}: verified`)).length;
  }

  async #verified(verb: string, before: number): Promise<void> {
    await expect.poll(() => this.#timesVerified(verb)).toBeGreaterThan(before);
    const button = dialog(this.#page).getByRole('button', { name: verb, exact: true });
    await expect(button).toHaveCount(0);
    await expect(this.#page.getByText('Sent, not confirmed')).toHaveCount(0);
  }
}

/** What {@link watchForPointers} tells of. */
interface PointerSeen {
  type: string;
  on: string;
}

/** Runs in the page, before anything of it: tells of a pointer's work, and of text without a key. */
function tellOfPointers(): void {
  let keyed = false;
  const tell = (event: Event): void => {
    const on = event.target instanceof Element ? event.target.outerHTML.slice(0, 120) : 'the page';
    void (window as unknown as { pointerSeen(seen: PointerSeen): void }).pointerSeen({
      type: event.type,
      on,
    });
  };
  const capture = { capture: true, passive: true };
  const pointers = ['pointerdown', 'mousedown', 'mousemove', 'wheel', 'touchstart', 'drop'];
  for (const type of pointers) {
    window.addEventListener(type, (event) => event.isTrusted && tell(event), capture);
  }
  window.addEventListener('keydown', () => (keyed = true), capture);
  window.addEventListener('keyup', () => (keyed = false), capture);
  window.addEventListener(
    'input',
    (event) => event.isTrusted && !keyed && event instanceof InputEvent && tell(event),
    capture,
  );
}

/** Runs in the page: keeps the text of each message, which is on screen for seconds. */
function keepMessages(): void {
  const texts: string[] = [];
  window.messages = texts;
  const known = new WeakSet<Element>();
  new MutationObserver(() => {
    for (const message of document.querySelectorAll('.mantine-Notification-root')) {
      if (known.has(message)) continue;
      known.add(message);
      texts.push(message.textContent);
    }
  }).observe(document, { childList: true, subtree: true });
}

/** Watches a page from now on, over reloads too, for its messages. */
export async function watchForMessages(page: Page): Promise<void> {
  await page.addInitScript(keepMessages);
  await page.evaluate(keepMessages);
}

/**
 * Watches a page from now on, over reloads too, for everything that is no key: a pointer's press,
 * move or wheel, and text that came into a field without a key pressed.
 * @returns what was seen, in words; empty as long as the keyboard does it alone
 */
export async function watchForPointers(page: Page): Promise<readonly string[]> {
  const seen: string[] = [];
  await page.exposeFunction('pointerSeen', ({ type, on }: PointerSeen) => {
    seen.push(`${type} on ${on}`);
  });
  await page.addInitScript(tellOfPointers);
  await page.evaluate(tellOfPointers);
  return seen;
}
