import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { freshness, goTo } from '../helpers/frame.ts';

const pages = ['Overview', 'Users', 'Buckets', 'Connections', 'Settings'] as const;
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

test('every page is whole in both themes and sizes, and axe finds nothing', async ({
  openConsole,
  hostName,
}) => {
  test.setTimeout(240_000);
  const { page } = await openConsole();
  await expect(freshness(page)).toContainText('Live');
  const faults: string[] = [];
  for (const label of pages) {
    await goTo(page, label);
    await expect(page.getByRole('heading', { level: 1, name: label })).toBeVisible();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const size of sizes) {
        await page.setViewportSize(size);
        const name = `${label.toLowerCase()}-${colorScheme}-${size.width}x${size.height}.png`;
        await page.screenshot({ path: `test-results/screenshots/${hostName}/${name}` });
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (overflow > 0) faults.push(`${name}: ${overflow} px wider than the window`);
      }
      for (const fault of await accessibilityFaults(page)) {
        faults.push(`${label} ${colorScheme}: ${fault}`);
      }
    }
  }
  expect(faults).toEqual([]);
});
