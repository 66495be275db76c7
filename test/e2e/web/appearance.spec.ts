import { expect, test } from '../fixtures.ts';
import { freshness, goTo } from '../helpers/frame.ts';
import { accessibilityFaults, layoutFaults } from '../helpers/looks.ts';

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
