import { expect, type Page } from '@playwright/test';
import axe from 'axe-core';

const sizes = [
  { width: 2560, height: 1440 },
  { width: 1024, height: 700 },
  { width: 1280, height: 800 },
  { width: 1600, height: 1000 },
];
/** They prove nothing by themselves and take longer than all that is looked for. */
const wantsScreenshots = process.env.SCREENSHOTS === '1';

/**
 * What axe finds wrong with the page, in words. It looks at one element after the other, and a button
 * that becomes usable meanwhile seems wrong; what is wrong with the page is still so when it looks again.
 * @param rules of axe; without them all of those that are on by default, and the size of targets
 */
export async function accessibilityFaults(page: Page, rules?: string[]): Promise<string[]> {
  return lastingFaults(page, { rules });
}

/** What axe is asked: by which rules, without them all; within what, without it the whole page. */
interface Looked {
  rules?: string[] | undefined;
  within?: string;
}

async function lastingFaults(page: Page, looked: Looked): Promise<string[]> {
  const isLoaded = await page.evaluate(() => 'axe' in window); // loading takes as long as finding
  if (!isLoaded) await page.evaluate(axe.source);
  let faults = await faultsAsOfNow(page, looked);
  for (let again = 0; again < 2 && faults.length > 0; again += 1) {
    const known = new Set(faults);
    faults = (await faultsAsOfNow(page, looked)).filter((fault) => known.has(fault));
  }
  return faults;
}

async function faultsAsOfNow(page: Page, looked: Looked): Promise<string[]> {
  await isStill(page);
  return page.evaluate(async ({ rules, within }: Looked) => {
    const { violations } = await window.axe.run(within ?? document, {
      // what passed is not described: it takes longer than the finding
      resultTypes: ['violations'],
      ...(rules
        ? { runOnly: { type: 'rule', values: rules } }
        : { rules: { 'target-size': { enabled: true } } }), // off by default
    });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`));
  }, looked);
}

/** Where everything that floats is drawn. */
const floating = '[data-mantine-shared-portal-node]';

/**
 * Runs in the page: presses the next button that opens something and is of a kind not seen yet.
 * @param seen kinds, with the page's name where each page has its own
 * @returns its kind and what it is called; null where none is left
 */
function pressOpener([page, seen]: [string, string[]]): { kind: string; label: string } | null {
  for (const button of document.querySelectorAll<HTMLElement>('button[aria-haspopup]:enabled')) {
    if (!button.checkVisibility({ visibilityProperty: true })) continue;
    const label = button.ariaLabel ?? button.textContent;
    const alike = label.replace(/^(Actions on|More for|What is|Data:) .*/s, '$1');
    const kind = /^(Actions|Filter|More|View)/.test(alike) ? `${page}: ${alike}` : alike;
    if (seen.includes(kind)) continue;
    button.click();
    return { kind, label };
  }
  return null;
}

/**
 * What axe finds wrong with the menus, lists and pop-ups that the page's buttons open, each opened once
 * and closed by Escape, which gives the focus back.
 * @param seen what was opened on pages before: what is the same everywhere is opened once
 * @returns the faults, in words
 */
export async function floatingFaults(
  page: Page,
  name: string,
  seen: Set<string>,
): Promise<string[]> {
  const faults: string[] = [];
  // a choice of one stays there, hidden
  const open = page
    .locator(`${floating} :is([role="menu"], [role="dialog"], [role="listbox"])`)
    .filter({ visible: true });
  for (;;) {
    let pressed: ReturnType<typeof pressOpener> = null;
    // what was pressed may have been drawn anew meanwhile, or may be gone
    await expect(async () => {
      if (pressed !== null && (await open.first().isVisible())) return;
      pressed = await page.evaluate(pressOpener, [name, [...seen]] as [string, string[]]);
      if (pressed !== null) await open.first().waitFor({ timeout: 5000 });
    }).toPass();
    const { kind, label } = pressed ?? { kind: null, label: '' };
    if (kind === null) return faults;
    seen.add(kind);
    const found = await lastingFaults(page, { within: floating });
    faults.push(...found.map((fault) => `${name}, ${label}: ${fault}`));
    await page.keyboard.press('Escape');
    await open.first().waitFor({ state: 'hidden' });
  }
}

/**
 * What is wrong with the look of a page in a narrow and a wide window; with SCREENSHOTS=1 screenshots
 * of it, too.
 */
export async function layoutFaults(page: Page, name: string): Promise<string[]> {
  const faults: string[] = [];
  for (const size of sizes) {
    await page.setViewportSize(size);
    const file = `${name}-${size.width}x${size.height}.png`;
    if (wantsScreenshots) await page.screenshot({ path: `test-results/screenshots/${file}` });
    const found: string[] = [];
    const looks = [tooWide, partedSections, cutTimes, cutTexts];
    // a panel next to a list takes from its width
    const isAlone = (await page.getByRole('complementary').count()) === 0;
    if (size.width >= 1280 && isAlone) looks.push(sidewaysLists);
    found.push(...(await settled(page, looks)));
    faults.push(...found.map((words) => `${file}: ${words}`));
  }
  return faults;
}

/** Runs in the page: sections whose end is in another column than their beginning, in words. */
function partedSections(): string[] {
  return [...document.querySelectorAll('section')]
    .filter((section) => section.getClientRects().length > 1)
    .map(({ ariaLabel }) => `“${ariaLabel}” is parted between columns`);
}

/** Runs in the page: times in lists whose column is too narrow for them, in words. */
function cutTimes(): string[] {
  return [...document.querySelectorAll('[role="gridcell"]:has(time)')]
    .filter((cell) => cell.scrollWidth > cell.clientWidth + 1)
    .map((cell) => `“${cell.textContent}” is cut off`);
}

/** Runs in the page: lists with a scroll bar below them: their last columns are behind the pinned one, in words. */
function sidewaysLists(): string[] {
  return [...document.querySelectorAll('[role="grid"]')]
    .filter((list) => list.scrollWidth > list.clientWidth + 1)
    .map((list) => `${list.ariaLabel} is ${list.scrollWidth - list.clientWidth} px too wide`);
}

/** Runs in the page: texts and values of fields that end at an edge that hides the rest without dots, in words. */
function cutTexts(): string[] {
  const edge = (element: Element | null): Element | null => {
    if (element === null || element === document.body) return null;
    const { overflowX, textOverflow, position } = getComputedStyle(element);
    if (/auto|scroll/.test(overflowX) || textOverflow === 'ellipsis' || position === 'fixed')
      return null;
    return /hidden|clip/.test(overflowX) ? element : edge(element.parentElement);
  };
  const isCut = (text: Node): boolean => {
    const parent = text.parentElement;
    const around = parent?.checkVisibility({ visibilityProperty: true }) ? edge(parent) : null;
    if (!around || !text.textContent?.trim() || parent?.closest('.oc-hidden, svg')) return false;
    const range = document.createRange();
    range.selectNodeContents(text);
    const [own, outer] = [range.getBoundingClientRect(), around.getBoundingClientRect()];
    return outer.width > 2 && (own.right > outer.right + 1 || own.left < outer.left - 1);
  };
  const cut: string[] = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    if (isCut(texts.currentNode)) cut.push(`“${texts.currentNode.textContent}” is cut off`);
  }
  const fields = [...document.querySelectorAll('input')].filter(
    (field) => field.value !== '' && field.scrollWidth > field.clientWidth + 1,
  );
  return [...cut, ...fields.map(({ value }) => `“${value}” does not fit its field`)];
}

/**
 * What is wrong with a page, or the dialog over it, in a state: in both themes, zoomed, and in a usual and
 * a wide window. The rest of the window is looked at elsewhere.
 */
export async function stateFaults(page: Page, name: string): Promise<string[]> {
  const within = (await page.getByRole('dialog').count()) > 0 ? '[role="dialog"]' : 'main';
  const faults: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await inTheme(page, colorScheme);
    const rules = colorScheme === 'dark' ? ['color-contrast'] : undefined;
    const found = await lastingFaults(page, { within, rules });
    faults.push(...found.map((fault) => `${colorScheme}: ${fault}`));
    if (wantsScreenshots) await screenshotsInWidths(page, `${name}-${colorScheme}`, within);
  }
  // a dialog or what is said of nothing is as wide in a wide window
  const widens = (await page.locator(`${within}:is(main) :is(table, [role="grid"])`).count()) > 0;
  for (const width of widens ? [640, 2560, 1280] : [640, 1280]) {
    await page.setViewportSize({ width, height: width === 640 ? 400 : 800 });
    const looks = [tooWide, cutTimes, cutTexts, partedSections];
    if (width === 640) looks.push(nestedScrolls, beyondReach, buttonsOutOfSight);
    // a panel next to a list takes from its width
    else if ((await page.getByRole('complementary').count()) === 0) looks.push(sidewaysLists);
    faults.push(...(await settled(page, looks)).map((fault) => `${width} px: ${fault}`));
  }
  return faults.map((fault) => `${name}, ${fault}`);
}

/**
 * Screenshots of a page as it is, zoomed and in a usual and a wide window, as tall as what is on it; the
 * window stays as it was. A dialog is as wide in a wide window.
 */
async function screenshotsInWidths(page: Page, name: string, within: string): Promise<void> {
  const before = page.viewportSize();
  for (const width of within === 'main' ? [640, 1280, 2560] : [640, 1280]) {
    const height = width === 640 ? 400 : 800;
    await page.setViewportSize({ width, height });
    await isStill(page);
    const below = await page.evaluate(() =>
      [...document.querySelectorAll('.oc-scroll, .mantine-Modal-content')].map(
        ({ scrollHeight, clientHeight }) => scrollHeight - clientHeight,
      ),
    );
    await page.setViewportSize({ width, height: height + Math.min(2000, Math.max(0, ...below)) });
    await page.screenshot({ path: `test-results/screenshots/${name}-${width}.png` });
  }
  if (before) await page.setViewportSize(before);
}

/** What is wrong with a page in a window of 1280×800 at 200 %; the window is wide again afterwards. */
export async function enlargedFaults(page: Page, name: string): Promise<string[]> {
  await page.setViewportSize({ width: 640, height: 400 });
  const faults: string[] = [];
  const check = async () => {
    const looks = [tooWide, nestedScrolls, namelessLists, beyondReach, squeezedIcons];
    faults.push(...(await settled(page, looks)));
  };
  await check();
  // where there is no room for both, the list takes the summary's place
  const list = page.getByRole('radiogroup', { name: 'Summary or list' }).getByText('List');
  if (await list.isVisible()) {
    await list.click();
    await page.getByRole('grid').or(page.locator('[data-part="list"]')).first().waitFor();
    await check();
  }
  await page.setViewportSize({ width: 1600, height: 1000 });
  return faults.map((words) => `${name} at 200 %: ${words}`);
}

/** Runs in the page: buttons at the end of a dialog that are only seen once it is scrolled, in words. */
function buttonsOutOfSight(): string[] {
  return [...document.querySelectorAll('[role="dialog"]')].flatMap((dialog) => {
    const { top, bottom } = dialog.getBoundingClientRect();
    return [...dialog.querySelectorAll('.oc-buttons button')]
      .filter((button) => {
        const own = button.getBoundingClientRect();
        return own.top < top || own.bottom > bottom + 1;
      })
      .map(({ textContent }) => `“${textContent}” is out of sight`);
  });
}

/**
 * What is still wrong with a page that had the time to settle: lists and charts take a new size some
 * frames after the window has it.
 * @param looks each runs in the page, all in one go; says in words what is wrong now
 */
async function settled(page: Page, looks: readonly (() => string[])[]): Promise<string[]> {
  const givenUp = performance.now() + 60_000;
  for (;;) {
    const faults = await page.evaluate<string[]>(`[${looks.join(',')}].flatMap((look) => look())`);
    if (faults.length === 0 || performance.now() > givenUp) return faults;
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
}

/** Runs in the page: by how much it is too wide, in words. */
function tooWide(): string[] {
  const { documentElement } = document;
  const overflow = documentElement.scrollWidth - documentElement.clientWidth;
  return overflow > 0 ? [`${overflow} px wider than the window`] : [];
}

/** Runs in the page: lists whose last columns can't be read next to the name of their row, in words. */
function namelessLists(): string[] {
  const isNameless = (list: Element): boolean => {
    list.scrollLeft = list.scrollWidth;
    const name = list.querySelector('[role="columnheader"] button');
    const lost = name && name.getBoundingClientRect().left < list.getBoundingClientRect().left;
    list.scrollLeft = 0;
    return lost === true;
  };
  return [...document.querySelectorAll('[role="grid"]')]
    .filter(isNameless)
    .map((list) => `${list.ariaLabel} loses the names of its rows`);
}

/** Runs in the page: what ends below the window, where nothing scrolls that would bring it there, in words. */
function beyondReach(): string[] {
  const scrolls = (element: Element | null): boolean =>
    element !== null &&
    (/auto|scroll/.test(getComputedStyle(element).overflowY) || scrolls(element.parentElement));
  return [...document.querySelectorAll('main *')]
    .filter((element) => element.getBoundingClientRect().bottom > window.innerHeight + 1)
    .filter((element) => element.checkVisibility() && !scrolls(element))
    .map(({ tagName, className }) => `${tagName}.${className} can't be scrolled to`);
}

/** Runs in the page: icons of the folded rail that shrink where its scroll bar takes room, in words. */
function squeezedIcons(): string[] {
  const lists = [...document.querySelectorAll<HTMLElement>('nav > div')];
  const icons = [...document.querySelectorAll('nav > div a > svg')];
  for (const { style } of lists) style.paddingInlineEnd = '20px';
  const small = icons.filter((icon) => icon.getBoundingClientRect().width < 16);
  for (const { style } of lists) style.paddingInlineEnd = '';
  if (icons.length === 0) return ['the rail has no icons'];
  return small.length > 0
    ? [`${small.length} icons of the rail shrink next to its scroll bar`]
    : [];
}

/** Runs in the page: what scrolls within something that scrolls the same way, in words. */
function nestedScrolls(): string[] {
  const scrolls = (element: Element): boolean =>
    /auto|scroll/.test(getComputedStyle(element).overflowY) &&
    element.scrollHeight > element.clientHeight + 1 &&
    element.clientHeight > 0;
  const words = ({ tagName, className }: Element): string => `${tagName}.${className}`;
  return [...document.querySelectorAll('#root *')].filter(scrolls).flatMap((element) => {
    for (let outer = element.parentElement; outer; outer = outer.parentElement) {
      if (scrolls(outer)) return [`${words(element)} scrolls within ${words(outer)}`];
    }
    return [];
  });
}

/**
 * Waits until no button waits for an answer and no colour is on its way: a label that fades in over its
 * loader has no contrast for as long.
 */
async function isStill(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const nextFrame = (): Promise<unknown> => new Promise(requestAnimationFrame);
    const ends = ({ effect, playState }: Animation): boolean =>
      playState === 'running' && Number.isFinite(Number(effect?.getComputedTiming().endTime));
    const left = (): Animation[] => document.getAnimations().filter(ends);
    const isBusy = (): boolean => document.querySelector('button[data-loading]') !== null;
    while (isBusy() || left().length > 0) {
      // an animation that is broken off by another one has ended, too
      await Promise.allSettled(left().map(({ finished }) => finished));
      await nextFrame();
    }
  });
}

/** Waits until the page has taken a theme. */
async function inTheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
  await isStill(page);
}

/**
 * Everything that is wrong with the look of a page as it is. The other theme changes colours alone:
 * nothing is laid out again for it, and contrast is all that axe looks at a second time.
 * @param checked the themes to look at: each takes seconds
 */
export async function lookFaults(
  page: Page,
  name: string,
  checked: readonly ('light' | 'dark')[] = ['light', 'dark'],
): Promise<string[]> {
  const faults: string[] = [];
  for (const [turn, colorScheme] of checked.entries()) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await inTheme(page, colorScheme);
    if (turn === 0 || wantsScreenshots) {
      faults.push(...(await layoutFaults(page, `${name}-${colorScheme}`)));
    }
    const broken = await accessibilityFaults(page, turn === 0 ? undefined : ['color-contrast']);
    faults.push(...broken.map((fault) => `${name} ${colorScheme}: ${fault}`));
  }
  return faults;
}
