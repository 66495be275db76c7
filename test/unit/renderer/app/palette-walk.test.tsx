import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import type { RouteObject } from 'react-router';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { palette } from '#renderer/app/palette.tsx';
import { buttonsOnScreen } from '#renderer/app/palette-buttons.tsx';
import { consoleRoutes } from '#renderer/app/routes.tsx';
import { usePreferences } from '#renderer/kit/stores/preferences.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { answerByContract } from '#test/fakes/answer-by-contract.ts';
import { fakeBulk, fakeRun, fakeRunRow } from '#test/fakes/fake-bulk.ts';
import { fakeAsOf } from '#test/fakes/fake-cluster.ts';
import { fakeCustomer } from '#test/fakes/fake-customer.ts';
import { fakePlan, fakePlanRow } from '#test/fakes/fake-plans.ts';
import type { FakeTransport } from '#test/fakes/fake-transport.ts';
import { fakeUsage } from '#test/fakes/fake-usage.ts';
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
  return fakeBulk(fakeRun(), [fakeRunRow(1)])
    .like(fakeUsage())
    .otherwise((name) => answerByContract(name, ids))
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

/** What a page’s address names, by its parameter: a new one is one entry. */
const ids: Readonly<Record<string, string>> = {
  connectionId: 'rack-7',
  userId: '0000000000000005',
  name: 'bucket-000001',
  campaignId: id,
  customerId: '7',
  planId: 'plan-1',
  runId: 'run-1',
  onboardingId: id,
  offboardingId: id,
  id: 'rack-7',
};

/** The addresses of all pages, from the routes themselves: a new page is walked, too. */
function addressesOf(routes: readonly RouteObject[], above = ''): string[] {
  return routes.flatMap(({ path, index, element, Component, children }) => {
    const own = path === undefined ? above : `${above}/${path}`;
    if (children) return addressesOf(children, own);
    const redirects = element !== undefined && !Component && path !== 'settings';
    return redirects || (index && above === '') || path === '*' ? [] : [own];
  });
}

const addresses = addressesOf(consoleRoutes()).map((pattern) =>
  pattern.replaceAll(/:(\w+)/g, (_, name: string) => ids[name] ?? expect.fail(name)),
);

/** What menus and pop-ups offer by a press; what a form in one asks for is a field, no action. */
const offers =
  '[role="menuitem"], [role="dialog"] :is([type="checkbox"]:not([role="switch"], form *), [type="radio"]:not(form *), button):enabled';

const calledElse: Readonly<Record<string, string>> = {
  'Refresh now': 'Refresh from the gateway',
  'Collect now': 'Collect usage statistics',
};

function nameOf(one: HTMLElement): string {
  const [label] = (one as HTMLInputElement).labels ?? [];
  const words = label ?? one.querySelector('.mantine-Menu-itemLabel') ?? one;
  return one.ariaLabel ?? words.textContent ?? '';
}

/** What the palette says before the name of what is no button. */
function verbOf(one: HTMLElement): string {
  const group = one.closest('[role="radiogroup"]')?.ariaLabel;
  if (group) return `${group}: `;
  if (one.matches('[role="switch"]')) return one.matches(':checked') ? 'Turn off: ' : 'Turn on: ';
  return one.closest('[role="columnheader"]') ? 'Sort by ' : '';
}

/** Resolves once a page has read all it reads. */
async function settled({ calls }: FakeTransport): Promise<void> {
  for (let seen = -1; seen !== calls.length; ) {
    seen = calls.length;
    await act(() => vi.dynamicImportSettled());
  }
}

/** Menus that were walked on another page: those of the frame, of freshness and of columns alike. */
const walked = new Set<string>();

/** Opens each menu and pop-up of a page that none before it had; returns the names of what it offers. */
async function entriesOfMenus(main: HTMLElement): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const opener of main.querySelectorAll<HTMLElement>('button[aria-haspopup]:enabled')) {
    if (opener.matches('[data-row-menu]')) continue; // row-menus.test.tsx
    fireEvent.click(opener);
    const menuId = await waitFor(() => opener.getAttribute('aria-controls') ?? expect.fail('shut'));
    const menu = await waitFor(() => document.getElementById(menuId) ?? expect.fail('not drawn'));
    const all = [...menu.querySelectorAll<HTMLElement>(offers)];
    const isColumn = (one: HTMLElement) => one.matches('[aria-label="Columns"] [type="checkbox"]');
    const names = all.map((one) => (isColumn(one) ? `column: ${nameOf(one)}` : nameOf(one)));
    fireEvent.click(opener);
    await waitFor(() => expect(menu).not.toBeInTheDocument());
    const key = JSON.stringify([nameOf(opener), names]);
    if (!walked.has(key)) found.set(nameOf(opener), names);
    walked.add(key);
  }
  return found;
}

test.each(addresses)('finds every button of %s, and every entry of its menus', async (address) => {
  const core = coreOfPages();
  renderConsole(core, address);
  const main = await screen.findByRole('main');
  await settled(core);
  expect(screen.queryByText('This page could not be shown')).toBeNull();
  const menus = await entriesOfMenus(main);
  const field = await openPalette();
  const buttons = [
    ...main.querySelectorAll<HTMLElement>(
      'button, [role="button"], a[data-variant], :is([type="radio"], [role="switch"]):not(form *)',
    ),
  ];
  const inRow = '[role="row"] :not([role="columnheader"] *)';
  const enabled = buttons.filter(
    (button) => !button.matches(`:disabled, [aria-disabled="true"], ${inRow}`),
  );
  // what the palette takes from the page, it shows: palette-buttons.test.tsx
  const taken = new Set(buttonsOnScreen().map(({ button }) => button));
  const missing: string[] = [];
  for (const button of enabled.filter((one) => !taken.has(one))) {
    const name = `${verbOf(button)}${nameOf(button)}`;
    type(field, name);
    // by its name alone, numbered, or as an entry with what it is done to
    const isOffered = offered().some((label) =>
      /^(?: \(|: |…|$)/.test(label.split(name)[1] ?? '-'),
    );
    if (!isOffered) missing.push(name);
  }
  for (const [opener, names] of menus) {
    const labels = new Set<string>();
    const search = (words: string): void => {
      type(field, words);
      for (const label of offered()) labels.add(label.toLowerCase());
    };
    // most are found at once: each search draws the palette anew
    search(opener.replace('Columns', 'column'));
    for (const name of names) {
      const called = (calledElse[name] ?? name).replace('…', '');
      const words = called.toLowerCase().split(' ');
      const isThere = () => [...labels].some((label) => words.every((one) => label.includes(one)));
      if (!isThere()) search(called);
      if (!isThere()) missing.push(`${opener}: ${name}`);
    }
  }
  expect(missing).toEqual([]);
});
