import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { freshness, goTo } from '../helpers/frame.ts';

const sizes = [
  { width: 1024, height: 700 },
  { width: 1600, height: 1000 },
];

/** What axe finds wrong with the page as it is, in words. */
async function accessibilityFaults(page: Page): Promise<string[]> {
  // in one piece: the other way of running it opens a page of its own, which not every host has
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target}`));
}

/** What is wrong with the look of a page at every size, and screenshots of it. */
async function layoutFaults(page: Page, name: string): Promise<string[]> {
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

// the pages look the same on every host: once is enough
for (const colorScheme of ['light', 'dark'] as const) {
  test(`every page is whole in ${colorScheme}, and axe finds nothing`, async ({ openConsole }) => {
    test.setTimeout(240_000);
    const { page } = await openConsole();
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(freshness(page)).toContainText('Live');
    const links = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
    const labels = await links.allInnerTexts();
    expect(labels).toEqual(expect.arrayContaining(['Overview', 'Users', 'Buckets', 'Settings']));
    const faults: string[] = [];
    for (const label of labels) {
      await goTo(page, label);
      await expect(page.getByRole('heading', { level: 1, name: label })).toBeVisible();
      await page.waitForLoadState('networkidle', { timeout: 1_000 }).catch(() => undefined);
      const name = `${label.toLowerCase().replaceAll(/[^a-z]+/g, '-')}-${colorScheme}`;
      faults.push(...(await layoutFaults(page, name)));
      const broken = await accessibilityFaults(page);
      faults.push(...broken.map((fault) => `${name}: ${fault}`));
    }
    expect(faults).toEqual([]);
  });
}
