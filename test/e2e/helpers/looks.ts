import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

const narrow = { width: 1024, height: 700 };
const wide = { width: 1600, height: 1000 };
const sizes = [narrow, wide];

/**
 * What axe finds wrong with the page as it is, in words.
 * @param rules of axe; without them all of those that are on by default
 */
export async function accessibilityFaults(page: Page, rules?: string[]): Promise<string[]> {
  // in one piece: the other way of running it opens a page of its own, which not every host has
  const builder = new AxeBuilder({ page }).setLegacyMode().options({
    // what passed is not described: it takes longer than the finding
    resultTypes: ['violations'],
    ...(rules ? { runOnly: { type: 'rule', values: rules } } : {}),
  });
  const { violations } = await builder.analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target}`));
}

/**
 * What is wrong with the look of a page, and screenshots of it.
 * @param at the sizes of window to look at
 */
export async function layoutFaults(page: Page, name: string, at = sizes): Promise<string[]> {
  const faults: string[] = [];
  for (const size of at) {
    await page.setViewportSize(size);
    const file = `${name}-${size.width}x${size.height}.png`;
    await page.screenshot({ path: `test-results/screenshots/${file}` });
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (overflow > 0) faults.push(`${file}: ${overflow} px wider than the window`);
  }
  return faults;
}

/**
 * Everything that is wrong with the look of a page as it stands, with screenshots in both themes.
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
    const at = colorScheme === 'light' ? sizes : [wide];
    faults.push(...(await layoutFaults(page, `${name}-${colorScheme}`, at)));
    if (!checked.includes(colorScheme)) continue;
    const rules = colorScheme === checked[0] ? undefined : ['color-contrast'];
    const broken = await accessibilityFaults(page, rules);
    faults.push(...broken.map((fault) => `${name} ${colorScheme}: ${fault}`));
  }
  return faults;
}
