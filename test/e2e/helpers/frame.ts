import type { Locator, Page } from '@playwright/test';

/** Goes to a page by the rail. */
export async function goTo(page: Page, label: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Pages' })
    .getByRole('link', { name: label, exact: true })
    .click();
  await page.getByRole('heading', { level: 1, name: label }).waitFor();
}

/** Where a list says that it has so many rows, and no other number that begins or ends so: `1–17 of 40`. */
export function listOf(page: Page, total: number): Locator {
  const count = total.toLocaleString('en-GB');
  return page.getByText(new RegExp(`^[\\d,]+–[\\d,]+ of ${count}(?: ·|$)`)).first();
}

/** The chip that says how old the data is. */
export function freshness(page: Page): Locator {
  return page.getByRole('button', { name: /^Data: / });
}

/** What that chip says once the lists were read: after a minute, which a busy machine may take, their age. */
export const wasRead = /Live|just now|old/;

/** Reads the lists again from the gateway. */
export async function refresh(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Refresh', exact: true }).click();
}
