import type { Page } from '@playwright/test';
import axe from 'axe-core';

const narrow = { width: 1024, height: 700 };
const wide = { width: 1600, height: 1000 };
const sizes = [narrow, wide];
/** They prove nothing by themselves and take longer than all that is looked for. */
const wantsScreenshots = process.env.SCREENSHOTS === '1';

/**
 * What axe finds wrong with the page as it is, in words. It is loaded once a page: that takes as
 * long as the finding.
 * @param rules of axe; without them all of those that are on by default
 */
export async function accessibilityFaults(page: Page, rules?: string[]): Promise<string[]> {
  const isLoaded = await page.evaluate(() => 'axe' in window);
  if (!isLoaded) await page.evaluate(axe.source);
  return page.evaluate(async (values) => {
    const { violations } = await window.axe.run(document, {
      // what passed is not described: it takes longer than the finding
      resultTypes: ['violations'],
      ...(values ? { runOnly: { type: 'rule', values } } : {}),
    });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`));
  }, rules);
}

/**
 * What is wrong with the look of a page; with SCREENSHOTS=1 screenshots of it, too.
 * @param at the sizes of window to look at
 */
export async function layoutFaults(page: Page, name: string, at = sizes): Promise<string[]> {
  const faults: string[] = [];
  for (const size of at) {
    await page.setViewportSize(size);
    const file = `${name}-${size.width}x${size.height}.png`;
    if (wantsScreenshots) await page.screenshot({ path: `test-results/screenshots/${file}` });
    const overflow = await settledOverflow(page);
    if (overflow > 0) faults.push(`${file}: ${overflow} px wider than the window`);
  }
  return faults;
}

/** By how much the page is too wide. Charts take a new size some frames after the window has it. */
function settledOverflow(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const { documentElement } = document;
    const overflow = (): number => documentElement.scrollWidth - documentElement.clientWidth;
    const givenUp = performance.now() + 15_000;
    while (overflow() > 0 && performance.now() < givenUp) {
      await new Promise((resolve) => {
        requestAnimationFrame(resolve);
      });
    }
    return overflow();
  });
}

/** Waits until the page has taken a theme, and no colour is on its way from the other one. */
async function inTheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
  await page.evaluate(async () => {
    const ends = ({ effect, playState }: Animation): boolean =>
      playState === 'running' && Number.isFinite(Number(effect?.getComputedTiming().endTime));
    const left = (): Animation[] => document.getAnimations().filter(ends);
    // an animation that is broken off by another one has ended, too
    while (left().length > 0) await Promise.allSettled(left().map(({ finished }) => finished));
  });
}

/**
 * Everything that is wrong with the look of a page as it stands, in both themes.
 * Dark changes colours alone, so the page is not laid out narrow again, and contrast is all that axe
 * looks at a second time.
 * @param checked in which themes axe looks: it takes a second each time
 */
export async function lookFaults(
  page: Page,
  name: string,
  checked: readonly ('light' | 'dark')[] = ['light', 'dark'],
): Promise<string[]> {
  const faults: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await inTheme(page, colorScheme);
    const at = colorScheme === 'light' ? sizes : [wide];
    faults.push(...(await layoutFaults(page, `${name}-${colorScheme}`, at)));
    if (!checked.includes(colorScheme)) continue;
    const rules = colorScheme === checked[0] ? undefined : ['color-contrast'];
    const broken = await accessibilityFaults(page, rules);
    faults.push(...broken.map((fault) => `${name} ${colorScheme}: ${fault}`));
  }
  return faults;
}
