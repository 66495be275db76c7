import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { palette } from '#renderer/app/palette.tsx';
import { buttonEntries, buttonsOnScreen } from '#renderer/app/palette-buttons.tsx';
import { usePreferences } from '#renderer/kit/stores/preferences.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeAsOf, fakeConnection, fakeGlance } from '#test/fakes/fake-cluster.ts';
import { fakeOperations } from '#test/fakes/fake-operations.ts';
import { renderConsole } from '../render-console.tsx';
import { offered, openPalette, type } from './palette-field.ts';

type Row = CallOutput<'signals.list'>['rows'][number];

const anna = 'anna@example.com';
const prod = fakeConnection({ id: 'prod', name: 'Prod', environment: 'production' });
const lab = fakeConnection({ id: 'lab', name: 'Lab' });

function signal(connectionId: string, connectionName: string, more: Partial<Row>): Row {
  return {
    ...{ signalId: `${connectionId}/egress/ab`, connectionId, connectionName, kind: 'egress' },
    ...{ title: 'Unusual traffic out', severity: 'warning', since: fakeAsOf, evidence: [] },
    ...{ subject: { kind: 'user', id: 'ab', name: anna }, page: 'users/ab', weight: 1, ...more },
  };
}

const disable: Row['action'] = {
  ...{ label: 'Disable user', operation: 'users.disable', input: { userId: 'ab' } },
};
const revoke = (accessKeyId: string): Row['action'] => ({
  ...{ label: `Revoke key ${accessKeyId}`, operation: 'keys.revoke' },
  input: { userId: 'ab', accessKeyId },
});

function core(rows: () => Row[]) {
  return fakeOperations()
    .on('connections.list', () => [prod, lab])
    .on('signals.clusters', () => [fakeGlance])
    .on('signals.list', () => ({
      ...{ total: rows().length, rows: rows(), snoozed: 0, kinds: [], asOf: fakeAsOf },
      ...{ counts: { critical: 0, warning: 1, information: 0 }, incomplete: [] },
    }));
}

beforeEach(() => usePreferences.setState({ recent: [] }));
afterEach(() => act(() => palette.close()));

/** Types into the palette, which is opened where it is not. */
async function search(words: string): Promise<HTMLElement> {
  const field =
    screen.queryByRole('textbox', { name: 'Search everything' }) ?? (await openPalette());
  type(field, words);
  return field;
}

const entries = () => [...document.querySelectorAll('[data-action]')];
const run = (label: string) =>
  fireEvent.click(entries().find(({ textContent }) => textContent === label) as Element);

test('names the cluster of each signal’s buttons, and presses those of the one named', async () => {
  const rows = [prod, lab].map(({ id, name }) => signal(id, name, { action: disable }));
  const fake = core(() => rows);
  renderConsole(fake, '/morning');
  await screen.findByRole('button', { name: `Disable user: ${anna} on Prod` });
  await search(anna);
  const verbs = ['Disable user:', 'Snooze Unusual traffic out:'];
  const names = verbs.flatMap((verb) => [`${verb} ${anna} on Prod`, `${verb} ${anna} on Lab`]);
  for (const name of names) expect(offered().filter((one) => one === name)).toHaveLength(1);
  expect(offered()).not.toContain(`Disable user: ${anna}`);
  run(`Disable user: ${anna} on Lab`);
  await screen.findByRole('dialog', { name: 'Disable user' });
  await waitFor(() =>
    expect(fake.inputsOf('operations.preview')).toMatchObject([{ connectionId: 'lab' }]),
  );
});

test('does not press a button that became another one’s while the palette was open', async () => {
  let rows = [signal('lab', 'Lab', { action: revoke('AK1') })];
  const fake = core(() => rows);
  renderConsole(fake, '/morning');
  const button = await screen.findByRole('button', { name: /^Revoke key AK1/ });
  await search('revoke');
  const name = `Revoke key AK1: ${anna} on Lab`;
  const offer = entries().find(({ textContent }) => textContent === name) as HTMLElement;
  const press = vi.spyOn(button, 'click');
  // the page changes after the palette has drawn its entries
  button.setAttribute('aria-label', `Revoke key AK2: ${anna} on Lab`);
  rows = [signal('lab', 'Lab', { action: revoke('AK2') })];
  fireEvent.click(offer);
  await screen.findByText(`"${name}" is no longer on this page.`);
  expect(press).not.toHaveBeenCalled();
  expect(fake.inputsOf('operations.preview')).toEqual([]);
});

test('looks for buttons as it opens and when the page changes, not at each key pressed', async () => {
  let rows = [signal('lab', 'Lab', { action: disable })];
  const fake = core(() => rows);
  renderConsole(fake, '/morning');
  await screen.findByRole('button', { name: /^Disable user/ });
  await search('');
  const lookUp = vi.spyOn(document, 'querySelectorAll');
  const looks = () =>
    lookUp.mock.calls.filter(([selector]) => selector.startsWith('main button')).length;
  const field = screen.getByRole('textbox', { name: 'Search everything' });
  for (const value of ['r', 're', 'rev']) fireEvent.change(field, { target: { value } });
  expect(looks()).toBe(0);
  rows = [signal('lab', 'Lab', { action: revoke('AK1') })];
  fake.emit({ name: 'data.changed', payload: { connectionId: 'lab', topics: ['signals'] } });
  await waitFor(() => expect(offered()).toContain(`Revoke key AK1: ${anna} on Lab`));
  lookUp.mockRestore();
});

test('shows a hundred buttons of a page, and finds those beyond by their names', async () => {
  const rows = Array.from({ length: 60 }, (_, index) =>
    signal('lab', 'Lab', {
      ...{ signalId: `lab/egress/${index}`, action: disable },
      subject: { kind: 'user', id: `u${index}`, name: `user-${100 + index}@example.com` },
    }),
  );
  renderConsole(
    core(() => rows),
    '/morning',
  );
  await screen.findByRole('button', { name: /^Disable user: user-159@/ });
  await search('example.com');
  expect(offered()).toHaveLength(100);
  await search('disable user-159@example.com');
  expect(offered()).toContain('Disable user: user-159@example.com on Lab');
});

test('asks whose cancellation it is, and finds the customer', async () => {
  const core = fakeOperations().on('customers.find', () => [
    { customerId: '7', name: 'Bob Jones', company: 'Bob & Sons', email: 'bob@example.com' },
  ]);
  renderConsole(core, '/c/rack-7/overview');
  await screen.findByRole('link', { name: 'Overview' });
  const field = await search('cancel customer');
  await waitFor(() => expect(offered()[0]).toBe('Cancel customer …'));
  fireEvent.keyDown(field, { key: 'Enter', code: 'Enter' });
  await waitFor(() => expect(field).toHaveValue('Cancel customer '));
  await search('Cancel customer bob');
  await waitFor(() => expect(offered()[0]).toMatch(/^Cancel customer Bob & Sons/));
  fireEvent.keyDown(field, { key: 'Enter', code: 'Enter' });
  await screen.findByRole('dialog', { name: 'Begin cancellation of Bob & Sons' });
});

/** A page of plain buttons, and what the palette has of them. */
function entriesOf(page: string, others: string[] = []) {
  document.body.innerHTML = `<main>${page}</main>`;
  const found = buttonEntries(
    buttonsOnScreen(),
    others.map((label) => ({ id: label, label, group: 'Actions', run: () => undefined })),
  );
  const pressed: string[] = [];
  document.body.addEventListener('click', ({ target }) => {
    pressed.push((target as HTMLElement).id);
  });
  return { found, pressed, labels: found.map(({ label }) => label) };
}
const button = (name: string, rest = '') => `<button ${rest}>${name}</button>`;

test('numbers buttons of the same name, and presses none where their number has changed', () => {
  const page = [button('Edit', 'id="first"'), button('Edit', 'id="second"'), button('Save')];
  const { found, pressed, labels } = entriesOf(page.join(''));
  expect(labels).toEqual(['Edit (1 of 2)', 'Edit (2 of 2)', 'Save']);
  found[1]?.run();
  expect(pressed).toEqual(['second']);
  const [first, second] = document.querySelectorAll('button');
  // the second became the first
  first?.before(second as Element);
  found[0]?.run();
  first?.remove();
  found[1]?.run();
  expect(pressed).toEqual(['second']);
});

test('counts the buttons that are off among those of the same name, and does not press them', () => {
  const off = button('Collect now', 'id="prod" disabled');
  const { found, pressed, labels } = entriesOf(`${off}${button('Collect now', 'id="lab"')}`);
  expect(labels).toEqual(['Collect now (2 of 2)']);
  document.querySelector('#lab')?.setAttribute('aria-disabled', 'true');
  document.querySelector('#prod')?.removeAttribute('disabled');
  found[0]?.run();
  expect(pressed).toEqual([]);
  document.querySelector('#lab')?.removeAttribute('aria-disabled');
  found[0]?.run();
  expect(pressed).toEqual(['lab']);
});

test('presses the button that was drawn again under its name', () => {
  const { found, pressed } = entriesOf(button('Save', 'id="old"'));
  (document.querySelector('main') as Element).innerHTML = button('Save', 'id="new"');
  found[0]?.run();
  expect(pressed).toEqual(['new']);
});

test('leaves out what an entry does already, and nothing that only begins like one', () => {
  const page = ['Refresh', 'Lock', 'Create user', 'Apply', 'Disable user', 'Export…'];
  const others = ['Refresh from the gateway', 'Lock the console', 'Create user', 'Export'];
  const { labels } = entriesOf(page.map((name) => button(name)).join(''), [
    ...[...others, 'Apply: plan Autumn', 'Disable user …'],
  ]);
  expect(labels).toEqual(['Refresh', 'Lock']);
});

test('sorts the list on screen by each heading', async () => {
  renderConsole(fakeOperations(), '/c/rack-7/users');
  await screen.findByRole('grid', { name: 'Users' });
  await search('sort by e-mail');
  const heading = screen.getByRole('columnheader', { name: 'E-mail', hidden: true });
  const before = heading.ariaSort;
  run('Sort by E-mail');
  await waitFor(() => expect(heading.ariaSort).not.toBe(before));
});

test('has what a click chooses or turns, but for the fields of forms', () => {
  const radio = (name: string, rest = '') =>
    `<label><input type="radio" name="of" id="${name}" ${rest}>${name}</label>`;
  const { found, pressed, labels } = entriesOf(
    `<div role="radiogroup" aria-label="Limits of">${radio('Users', 'checked')}${radio('Buckets')}</div>
    <label><input type="checkbox" role="switch" id="everywhere">All clusters</label>
    <form>${radio('Other')}<input type="checkbox" role="switch" aria-label="Another"></form>
    <table><tr><th aria-sort="descending">${button('Name ↓', 'id="sort"')}</th></tr></table>`,
  );
  expect(labels).toEqual(['Limits of: Buckets', 'Turn on: All clusters', 'Sort by Name']);
  for (const one of found) one.run();
  expect(pressed).toEqual(['Buckets', 'everywhere', 'sort']);
});
