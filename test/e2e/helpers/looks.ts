import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

const sizes = [
  { width: 1024, height: 700 },
  { width: 1600, height: 1000 },
];

/** What axe finds wrong with the page as it is, in words. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // in one piece: the other way of running it opens a page of its own, which not every host has
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target}`));
}

/** What is wrong with the look of a page at every size, and screenshots of it. */
export async function layoutFaults(page: Page, name: string): Promise<string[]> {
  const faults: string[] = [];
  for (const size of sizes) {
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
    faults.push(...(await layoutFaults(page, `${name}-${colorScheme}`)));
    if (!checked.includes(colorScheme)) continue;
    const broken = await accessibilityFaults(page);
    faults.push(...broken.map((fault) => `${name} ${colorScheme}: ${fault}`));
  }
  return faults;
}
