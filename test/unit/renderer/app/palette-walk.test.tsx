import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { palette } from '#renderer/app/palette.tsx';
import { usePreferences } from '#renderer/kit/stores/preferences.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeAsOf } from '#test/fakes/fake-cluster.ts';
import { fakeCustomer } from '#test/fakes/fake-customer.ts';
import { fakeOperations } from '#test/fakes/fake-operations.ts';
import { fakePlan, fakePlanRow } from '#test/fakes/fake-plans.ts';
import { renderConsole } from '../render-console.tsx';
import { offered, openPalette, type } from './palette-field.ts';

beforeEach(() => usePreferences.setState({ recent: [] }));
afterEach(() => act(() => palette.close()));

const id = '0b0f1c5e-6d0e-4b62-9d1c-0d2f3a4b5c6d';
const keys = { todo: 1, generating: 0, generated: 1, 'handed-over': 0, 'in-use': 1, revoking: 0 };
const campaign: CallOutput<'campaigns.get'> = {
  ...{ campaignId: id, title: 'Autumn', comment: '', kind: 'rotate', total: 3 },
  ...{ createdAt: fakeAsOf, createdBy: 'olga', closedAt: null, taskId: null },
  counts: { ...keys, revoked: 0, failed: 0, skipped: 0 },
  due: { generate: 1, revoke: 1 },
};
const customer = fakeCustomer();

/** The fake cluster with a campaign, a customer and a plan of each kind. */
function coreOfPages() {
  const none = () => ({ total: 0, rows: [] });
  return fakeOperations()
    .on('plans.list', () => [fakePlan()])
    .on('plans.rows', () => ({ total: 1, rows: [fakePlanRow(1)] }))
    .on('campaigns.list', () => ({ total: 1, rows: [campaign] }))
    .on('campaigns.get', () => campaign)
    .on('campaigns.keys', none)
    .on('customers.list', () => ({
      total: 1,
      rows: [{ ...customer, serviceStates: [] }],
      asOf: fakeAsOf,
    }))
    .on('customers.get', () => customer)
    .on('billing.list', () => [])
    .on('offboarding.list', none)
    .on('statements.issued', none)
    .on('invoices.list', none)
    .on('tariffs.list', () => [])
    .on('servicePlans.holders', () => [])
    .on('servicePlans.drift', () => ({ total: 0, unknown: 0, excepted: 0, clusters: [], rows: [] }))
    .on('servicePlans.list', () => [
      {
        ...{ id, name: 'Gold', version: 1, quotaGb: 500, products: [], productIds: [] },
        ...{ retired: false, holders: 0, users: 0, savedAt: fakeAsOf, savedBy: 'ada' },
      },
    ]);
}

const pages: [address: string, last: string][] = [
  ['/c/rack-7/pressure', 'Columns'],
  ['/c/rack-7/changes/plans', 'Import a plan'],
  ['/c/rack-7/changes/plans/plan-1', 'Compare with the cluster'],
  [`/c/rack-7/campaigns/${id}`, 'Close campaign'],
  ['/c/rack-7/customers', 'Columns'],
  ['/c/rack-7/customers/7', 'Map user'],
  [`/c/rack-7/customers/plans?plan=${id}`, 'Retire'],
  ['/connections', 'More for all connections'],
];

test.each(pages)('finds every button of %s, and presses it', async (address, last) => {
  renderConsole(coreOfPages(), address);
  const main = await screen.findByRole('main');
  const pressed = await within(main).findByRole('button', { name: last });
  const field = await openPalette();
  const buttons = within(main).getAllByRole('button', { hidden: true });
  const links = main.querySelectorAll<HTMLElement>('a[data-variant]');
  const enabled = [...buttons, ...links].filter(
    (button) => !button.matches(':disabled, [aria-disabled="true"], [role="row"] *'),
  );
  expect(enabled).toContain(pressed);
  for (const button of enabled) {
    const name = button.getAttribute('aria-label') ?? button.textContent ?? '';
    type(field, name);
    // by its name alone, numbered, or as an entry with what it is done to
    expect(
      offered().filter((label) => /^(?: \(|: |…|$)/.test(label.split(name)[1] ?? '-')),
    ).not.toEqual([]);
  }
  type(field, last);
  const press = vi.spyOn(pressed, 'click');
  const entries = [...document.querySelectorAll('[data-action]')];
  fireEvent.click(entries.find(({ textContent }) => textContent === last) as Element);
  expect(press).toHaveBeenCalledOnce();
});

/** What menus and pop-ups offer by a press. A column's place among others has no verb. */
const offers =
  '[role="menuitem"], [role="dialog"] :is([type="checkbox"]:not([role="switch"]), [type="radio"], button):enabled';

const calledElse: Readonly<Record<string, string>> = {
  'Refresh now': 'Refresh from the gateway',
  'Collect now': 'Collect usage statistics',
};

function namesOf(menu: Element): string[] {
  return [...menu.querySelectorAll<HTMLInputElement>(offers)]
    .map((one) => {
      const words = one.labels?.[0] ?? one.querySelector('.mantine-Menu-itemLabel') ?? one;
      return one.ariaLabel ?? words.textContent ?? '';
    })
    .filter((name) => !/^Move .* (up|down)$/.test(name));
}

test.each([
  ...pages,
  ['/c/rack-7/journal', 'Anchors of the journal'],
  ['/c/rack-7/usage', /^Period: /],
] as [string, string | RegExp][])('finds every entry of the menus of %s', async (address, last) => {
  renderConsole(coreOfPages(), address);
  const main = await screen.findByRole('main');
  await within(main).findByRole('button', { name: last });
  const named = new Map<string, string[]>();
  const openers = main.querySelectorAll<HTMLElement>('button[aria-haspopup]:enabled');
  for (const opener of openers) {
    if (opener.matches('[data-row-menu]')) continue; // row-menus.test.tsx
    fireEvent.click(opener);
    const id = await waitFor(() => opener.getAttribute('aria-controls') ?? expect.fail('not open'));
    const menu = await waitFor(() => document.getElementById(id) ?? expect.fail('not drawn'));
    named.set(opener.ariaLabel ?? opener.textContent ?? '', namesOf(menu));
    fireEvent.click(opener);
    await waitFor(() => expect(menu).not.toBeInTheDocument());
  }
  expect(named.size).toBeGreaterThan(0);
  const field = await openPalette();
  for (const [opener, names] of named) {
    for (const name of names) {
      type(field, calledElse[name] ?? name);
      const words = (calledElse[name] ?? name).toLowerCase().replace('…', '').split(' ');
      const has = (label: string) => words.every((word) => label.toLowerCase().includes(word));
      expect([opener, name, offered().some(has)]).toEqual([opener, name, true]);
    }
  }
});
