import type { Locator, Page } from '@playwright/test';

/** Goes to a page by the rail. */
export async function goTo(page: Page, label: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Pages' })
    .getByRole('link', { name: label, exact: true })
    .click();
  await page.getByRole('heading', { level: 1, name: label }).waitFor();
}

/** The chip that says how old the data is. */
export function freshness(page: Page): Locator {
  return page.getByRole('button', { name: /^Data: / });
}

/** Reads the lists again from the gateway. */
export async function refresh(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Refresh', exact: true }).click();
}
