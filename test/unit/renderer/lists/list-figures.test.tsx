import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { usePreferences } from '#renderer/kit/stores/preferences.ts';
import { csvLines } from '#renderer/lists/table/export-csv.ts';
import { rangesOf } from '#renderer/lists/table/use-highlights.ts';
import { bucketColumns } from '#renderer/pages/buckets/columns.tsx';
import { userColumns } from '#renderer/pages/users/columns.tsx';
import { fakeAsOf, fakeBucket, fakeCluster, fakeUser } from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../render-console.tsx';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const period = { since: '2026-10-27T00:00:00.000Z', until: '2026-11-21T12:00:00.000Z' };
const known = {
  ...fakeUser(1),
  quota: { sizeGb: 1000, own: true },
  usedFraction: 1.052,
  keyCount: 2,
  traffic: { bytes: '9007199254740993', days: `${'0'.repeat(29)}v`, ...period },
  lastActive: '2026-11-20T00:00:00.000Z',
  customers: [{ customerId: '7', name: 'Acme' }],
  plan: 'Silver',
};

function withUsers() {
  const rows = [known, fakeUser(2)];
  return fakeCluster().on('users.list', ({ search }) => ({
    ...{ total: search ? 2 : 3000, rows, asOf: fakeAsOf },
  }));
}

const rowOf = async (text: string): Promise<HTMLElement> => {
  const row = (await screen.findByText(text)).closest<HTMLElement>('[role=row]');
  if (!row) throw new Error(`${text} is in no row`);
  return row;
};

test('users show quota, share, traffic, activity and customer; what nothing is known of is no zero', async () => {
  renderConsole(withUsers(), '/c/rack-7/users');
  const row = await rowOf(known.email);
  for (const words of ['1,000', '105', '8.00', '20 Nov 2026']) {
    expect(within(row).getByText(words)).toBeVisible();
  }
  expect(within(row).getByText('105')).toHaveAttribute('data-hint', 'Over quota: 105 %');
  expect(within(row).getByRole('link', { name: 'Acme' })).toHaveAttribute(
    'href',
    '#/c/rack-7/customers/7',
  );
  const empty = await rowOf(fakeUser(2).email);
  expect(within(empty).getAllByText('—')).toHaveLength(5);
});

test('an export has the figures exact, and nothing where nothing is known', () => {
  const csv = csvLines(userColumns, [known, fakeUser(2)], { cluster: 'Rack 7', asOf: fakeAsOf });
  expect(csv).toContain('9007199254740993');
  expect(csv).toContain('105.2');
  expect(csv).toContain('Acme,Silver,2,');
  const grown = { ...fakeBucket(1), growth: { bytes: -5, ...period } };
  expect(csvLines(bucketColumns, [grown], { cluster: 'Rack 7', asOf: fakeAsOf })).toContain(',-5,');
});

test('the title counts those that match of all', async () => {
  const core = withUsers();
  renderConsole(core, '/c/rack-7/users?q=user');
  expect(await screen.findByText('2 of 3,000')).toBeVisible();
});

test('a set of columns shows those and their order; further columns stay to be selected', async () => {
  renderConsole(withUsers(), '/c/rack-7/users');
  await rowOf(known.email);
  await userEvent.click(screen.getByRole('button', { name: 'Columns' }));
  const daily = await screen.findByRole('radio', { name: 'Daily work' });
  expect(daily).toBeChecked();
  await userEvent.click(screen.getByRole('radio', { name: 'Billing' }));
  const headings = () => screen.getAllByRole('columnheader').map(({ textContent }) => textContent);
  expect(headings().slice(1)).toEqual([
    ...['E-mail', 'User id', 'Customer', 'Plan', 'Size', 'Traffic, 30 days', 'Last activity'],
    'Actions',
  ]);
  await userEvent.click(screen.getByRole('checkbox', { name: 'Keys' }));
  expect(headings()).toContain('Keys');
  expect(screen.getByRole('radio', { name: 'Billing' })).not.toBeChecked();
});

test('a view keeps the new filters, columns and sort', async () => {
  const view = renderConsole(
    withUsers(),
    '/c/rack-7/users?quota=near&used=50..90&active=yesterday&customer=*Acme&sort=-traffic',
  );
  act(() =>
    usePreferences.setState({
      columns: { 'rack-7/users': { order: [], widths: {}, visible: { plan: true } } },
    }),
  );
  await rowOf(known.email);
  for (const words of [
    'Quota: near quota (80 % or more)',
    ...['Used: 50 to 90 %', 'Last activity: yesterday', 'Customer: contains “Acme”'],
  ]) {
    expect(screen.getByRole('button', { name: `Remove filter ${words}` })).toBeVisible();
  }
  await userEvent.click(screen.getByRole('button', { name: 'Views' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Save this view' }));
  await userEvent.type(await screen.findByLabelText('Name'), 'Nearly full');
  await userEvent.click(screen.getByRole('button', { name: 'Save view' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  const before = view.address();
  act(() => usePreferences.setState({ columns: {} }));
  const rail = screen.getByRole('navigation', { name: 'Pages' });
  await userEvent.click(within(rail).getByRole('link', { name: 'Buckets' }));
  await userEvent.click(within(rail).getByRole('button', { name: 'Nearly full' }));
  expect(view.address().replace(/&view=.*/, '')).toBe(before);
  expect(await screen.findByRole('columnheader', { name: /^Plan/ })).toBeVisible();
});

test('marks what is searched for in the cells that are searched, without drawing them again', async () => {
  const marks = new Map<string, unknown>();
  vi.stubGlobal('CSS', { ...globalThis.CSS, highlights: marks });
  vi.stubGlobal(
    'Highlight',
    class {
      ranges: Range[];
      constructor(...ranges: Range[]) {
        this.ranges = ranges;
      }
    },
  );
  const view = renderConsole(withUsers(), '/c/rack-7/users?q=USER-');
  await rowOf(known.email);
  await waitFor(() => {
    const { ranges } = marks.get('oc-search') as { ranges: Range[] };
    expect(ranges.map(String)).toEqual(['user-', 'user-']);
  });
  view.unmount();
  expect(marks.size).toBe(0);
});

test('a text is found wherever a search of core finds it', () => {
  const table = document.createElement('div');
  table.innerHTML = '<p data-searched>Jürgen und JÜRGEN</p><p>jürgen</p>';
  const found = rangesOf(table, 'jürgen');
  expect(found.map(String)).toEqual(['Jürgen', 'JÜRGEN']);
});

test('the menu of a row begins with what only reads: copies, its customer, its own window', async () => {
  const opened = vi.spyOn(window, 'open').mockReturnValue(null);
  const user = userEvent.setup();
  const core = withUsers().on('onboarding.handover', () => ({
    ...{ endpoint: 'https://s3.example', region: 'us-east-1', email: known.email },
    ...{ accessKeyId: 'AK1', secretAccessKey: null, fileName: 'x.txt' },
    ...{ text: 'Object storage access', tools: [{ tool: 'rclone', text: '[storage]' }] },
  }));
  const view = renderConsole(core, '/c/rack-7/users');
  const open = async () =>
    user.click(within(await rowOf(known.email)).getByRole('button', { name: /^Actions on/ }));
  await open();
  const items = (await screen.findAllByRole('menuitem')).map(({ textContent }) => textContent);
  expect(items.slice(0, 5)).toEqual([
    ...['Copy as', 'Show buckets', 'Show keys', 'Open customer Acme', 'Open in new window'],
  ]);
  const copied = async (label: string): Promise<string> => {
    if (!screen.queryByRole('menuitem', { name: 'Copy as' })) await open();
    await user.hover(await screen.findByRole('menuitem', { name: 'Copy as' }));
    // a pointer on its way there would leave the entry that opened them
    fireEvent.click(await screen.findByRole('menuitem', { name: label }));
    await screen.findByText(`Copied: ${label}.`);
    return navigator.clipboard.readText();
  };
  expect(await copied('User id')).toBe(known.userId);
  expect(await copied('Link')).toMatch(/#\/c\/rack-7\/users\/0000000000000001$/);
  expect(JSON.parse(await copied('JSON'))).toMatchObject({ plan: 'Silver' });
  expect(await copied('Markdown row')).toMatch(
    /^\| E-mail \| User id .*\n\| --- .*\n\| user-000001/,
  );
  expect(await copied('~/.aws/credentials')).toMatch(
    /aws_access_key_id = AK1\naws_secret_access_key = YOUR-SECRET-KEY/,
  );
  expect(core.inputsOf('onboarding.handover')[0]).toMatchObject({ withSecret: false });
  expect(await copied('rclone config')).toBe('[storage]');
  expect(await copied('Handover text')).toBe('Object storage access');
  if (!screen.queryByRole('menuitem', { name: 'Copy as' })) await open();
  await user.click(await screen.findByRole('menuitem', { name: 'Open in new window' }));
  expect(opened).toHaveBeenCalledWith(
    expect.stringMatching(/#\/c\/rack-7\/users\/0{15}1$/),
    '_blank',
  );
  await open();
  await user.click(await screen.findByRole('menuitem', { name: 'Show buckets' }));
  expect(view.address()).toBe(`/c/rack-7/buckets?owner=${known.userId}`);
});

test('the menu of a bucket opens its owner', async () => {
  const view = renderConsole(fakeCluster(), '/c/rack-7/buckets');
  const row = await rowOf('bucket-1');
  await userEvent.click(within(row).getByRole('button', { name: 'Actions on bucket-1' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Open owner' }));
  expect(view.address()).toBe('/c/rack-7/users/0000000000000001');
});
