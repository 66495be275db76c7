import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { userColumns } from '#renderer/pages/users/columns.tsx';
import { AppError } from '#shared/errors.ts';
import {
  fakeAsOf,
  fakeCluster,
  fakeStatus,
  fakeUser,
  fakeUserDetail,
} from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../../render-console.tsx';

const users = '/c/rack-7/users';
const firstUser = 'user-000000@example.com';

async function rowOf(text: string): Promise<HTMLElement> {
  const row = (await screen.findByText(text)).closest('[role=row]');
  if (!(row instanceof HTMLElement)) throw new Error(`${text} stands in no row`);
  return row;
}

test('draws a window of a long list and reads only the pages it needs', async () => {
  const core = fakeCluster(100_000);
  renderConsole(core, users);
  await rowOf(firstUser);
  expect(screen.getByRole('heading', { level: 1, name: 'Users' })).toBeVisible();
  expect(screen.getByText(/^1–\d+ of 100,000$/)).toBeVisible();
  expect(screen.getByRole('grid')).toHaveAttribute('aria-rowcount', '100001');
  expect(screen.getAllByRole('row').length).toBeLessThan(80);
  expect(core.inputsOf('users.list').length).toBeLessThan(5);
});

test('tells no buckets from many and from a user that is newer than the bucket list', async () => {
  const uncounted = { bucketCount: null, currentBytes: null, peakBytes: null };
  const counts = [
    { bucketCount: 0, currentBytes: 0, peakBytes: 0 },
    uncounted,
    { bucketCount: 12_300 },
  ];
  const rows = counts.map((count, index) => ({ ...fakeUser(index), ...count }));
  const core = fakeCluster()
    .on('users.list', () => ({ total: 3, rows, asOf: fakeAsOf }))
    .on('users.get', () => ({ ...fakeUserDetail(1), ...uncounted }))
    .on('buckets.list', () => ({ total: 0, rows: [], asOf: fakeAsOf }));
  renderConsole(core, `${users}?open=${fakeUser(1).userId}`);
  expect(within(await rowOf(firstUser)).getAllByText('0')).toHaveLength(2);
  const fresh = screen.getAllByRole('row').find((row) => row.getAttribute('aria-rowindex') === '3');
  if (!fresh) throw new Error('the list has no second row');
  expect(within(fresh).getAllByText('Not counted yet')).toHaveLength(2);
  expect(within(fresh).queryByText('0')).toBeNull();
  expect(within(await rowOf('user-000002@example.com')).getByText('12,300')).toBeVisible();
  const panel = await screen.findByRole('complementary', { name: 'Details of the user' });
  expect(await within(panel).findByText(/newer than the bucket list/)).toBeVisible();
  expect(within(panel).getAllByText('Not counted yet')).toHaveLength(2);
  expect(within(panel).queryByText(/0 B|0 buckets|owns no bucket/)).toBeNull();
});

test('searches after a pause in typing and keeps the search in the address', async () => {
  const core = fakeCluster();
  const view = renderConsole(core, users);
  await rowOf(firstUser);
  await userEvent.keyboard('/');
  const field = screen.getByPlaceholderText(/^Search/);
  expect(field).toHaveFocus();
  for (const value of ['0000', '000042']) fireEvent.change(field, { target: { value } });
  await rowOf('user-000042@example.com');
  expect(screen.queryByText(firstUser)).toBeNull();
  expect(view.address()).toBe(`${users}?q=000042`);
  expect(core.inputsOf('users.list').some(({ search }) => search === '0000')).toBe(false);
});

test('shows what is filtered as chips, each with its way out', async () => {
  const view = renderConsole(fakeCluster(), `${users}?state=disabled`);
  await rowOf('user-000009@example.com');
  expect(screen.getByText(/of 100$/)).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Remove filter State: disabled' }));
  await rowOf(firstUser);
  expect(view.address()).toBe(users);
  await view.back();
  await waitFor(() => expect(screen.queryByText(firstUser)).toBeNull());
});

test('says what of the address is no filter of the list', async () => {
  const view = renderConsole(fakeCluster(), `${users}?stat=disabled&sort=-currentBytes&view=v1`);
  await rowOf('user-000999@example.com');
  await userEvent.click(screen.getByRole('button', { name: 'Remove unknown filter: stat' }));
  expect(view.address()).toBe(`${users}?sort=-currentBytes&view=v1`);
  expect(screen.queryByText(/^Unknown filter/)).toBeNull();
});

test('says which value of a filter is none, and stays usable without it', async () => {
  const core = fakeCluster();
  const view = renderConsole(core, `${users}?state=purple&buckets=some&size=big&seen=soon`);
  await rowOf(firstUser);
  expect(core.inputsOf('users.list').every(({ filter }) => filter?.state === undefined)).toBe(true);
  expect(core.inputsOf('users.list').at(-1)?.filter).toEqual({ buckets: 'some' });
  expect(screen.getByText('Unknown value for Size: big')).toBeVisible();
  expect(screen.getByText('Unknown value for First seen: soon')).toBeVisible();
  await userEvent.click(
    screen.getByRole('button', { name: 'Remove unknown value for State: purple' }),
  );
  expect(view.address()).toBe(`${users}?buckets=some&size=big&seen=soon`);
  expect(screen.queryByText(/State: purple$/)).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Clear' }));
  expect(view.address()).toBe(users);
});

test('sorts by a click on the heading, the other way by a second one', async () => {
  const core = fakeCluster();
  const view = renderConsole(core, users);
  await rowOf(firstUser);
  await userEvent.click(screen.getByRole('button', { name: 'Size' }));
  expect(view.address()).toBe(`${users}?sort=-currentBytes`);
  await rowOf('user-000999@example.com');
  const heading = screen.getByRole('button', { name: 'Size' }).closest('[role=columnheader]');
  expect(heading).toHaveAttribute('aria-sort', 'descending');
  await userEvent.click(screen.getByRole('button', { name: 'Size' }));
  expect(view.address()).toBe(`${users}?sort=currentBytes`);
});

test('is reached from the search by an arrow or Enter, and opens the row found', async () => {
  const view = renderConsole(fakeCluster(), users);
  await rowOf(firstUser);
  await userEvent.keyboard('/');
  const field = screen.getByPlaceholderText(/^Search/);
  fireEvent.change(field, { target: { value: '000042' } });
  await userEvent.keyboard('{ArrowDown}');
  expect(screen.getByRole('grid')).toHaveFocus();
  await rowOf('user-000042@example.com');
  await userEvent.keyboard('{Enter}');
  await waitFor(() => expect(view.address()).toContain(`open=${fakeUser(42).userId}`));
});

test('is moved through, opened and closed by keyboard alone', async () => {
  const view = renderConsole(fakeCluster(), users);
  await rowOf(firstUser);
  await userEvent.keyboard('jj{Enter}');
  const panel = await screen.findByRole('complementary', { name: 'Details of the user' });
  expect(await within(panel).findByRole('heading', { level: 2 })).toHaveTextContent('user-000002');
  expect(within(panel).getByText('0000000000000002KEY1')).toBeVisible();
  await userEvent.keyboard('{ArrowDown}');
  await waitFor(() => expect(view.address()).toBe(`${users}?open=0000000000000003`));
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('complementary')).toBeNull();
  await userEvent.keyboard('{Control>}{Enter}{/Control}');
  expect(view.address()).toBe(`${users}/0000000000000003`);
  await userEvent.keyboard('{Escape}');
  await rowOf(firstUser);
});

test('continues from the row that the address opened', async () => {
  const view = renderConsole(fakeCluster(), `${users}?open=0000000000000005`);
  await rowOf(firstUser);
  await screen.findByText('0000000000000005KEY1');
  await userEvent.keyboard('j');
  await waitFor(() => expect(view.address()).toBe(`${users}?open=0000000000000006`));
});

/** Heights as `setup.ts` and the table have them, in pixels. */
const [sight, heading, rowHeight] = [320, 32, 32];

test('keeps the row that the keyboard is on in sight, under the heading and above the end', async () => {
  renderConsole(fakeCluster(), users);
  await rowOf(firstUser);
  const grid = screen.getByRole('grid');
  const rowInSight = (index: number) => {
    const top = heading + index * rowHeight - grid.scrollTop;
    return top >= heading && top + rowHeight <= sight;
  };
  await userEvent.keyboard('{PageDown}{ArrowDown}{ArrowDown}');
  expect(grid).toHaveFocus();
  const active = () =>
    Number(/-(\d+)$/.exec(grid.getAttribute('aria-activedescendant') ?? '')?.[1]);
  expect(active()).toBeGreaterThan(8);
  await waitFor(() => expect([grid.scrollTop > 0, rowInSight(active())]).toEqual([true, true]));
  await userEvent.keyboard('{PageUp}{ArrowDown}');
  expect(active()).toBe(3);
  await waitFor(() => expect(rowInSight(3)).toBe(true));
});

test.each([
  ['search', () => userEvent.paste('user-0000')],
  ['order', () => userEvent.click(screen.getByText('Size'))],
])('begins another %s at its first row', async (_what, change) => {
  renderConsole(fakeCluster(60), users);
  await rowOf(firstUser);
  const grid = screen.getByRole('grid');
  await userEvent.keyboard('{End}/');
  await waitFor(() => expect(grid.scrollTop).toBeGreaterThan(0));
  await change();
  await waitFor(() => expect(grid.scrollTop).toBe(0));
  await waitFor(() => expect(grid.getAttribute('aria-activedescendant')).toMatch(/-0$/));
});

test('scrolls to the row that the address opened', async () => {
  renderConsole(fakeCluster(), `${users}?open=0000000000000028`);
  await screen.findByText('0000000000000028KEY1');
  const grid = screen.getByRole('grid');
  await waitFor(() => expect(grid.scrollTop).toBeGreaterThanOrEqual(41 * rowHeight + 32 - sight));
});

test('chooses rows by Space, ranges by Shift, also past what is on screen', async () => {
  const core = fakeCluster();
  renderConsole(core, users);
  await rowOf(firstUser);
  await userEvent.keyboard(' ');
  const bar = screen.getByRole('toolbar', { name: 'Selected rows' });
  expect(within(bar).getByText('1 user selected')).toBeVisible();
  await userEvent.keyboard('{Shift>}{End}{/Shift}');
  await within(bar).findByText('1,000 users selected');
  await userEvent.click(within(bar).getByRole('button', { name: 'Clear selection' }));
  expect(screen.queryByRole('toolbar')).toBeNull();
});

test('says what excludes everything, and clears it', async () => {
  const view = renderConsole(fakeCluster(), `${users}?q=zzz&state=disabled`);
  expect(await screen.findByText('No user matches')).toBeVisible();
  expect(screen.getByText(/search “zzz” and State: disabled/)).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Clear search and filters' }));
  await rowOf(firstUser);
  expect(view.address()).toBe(users);
});

test('says why there is nothing, where the cluster has no user', async () => {
  renderConsole(fakeCluster(0), users);
  expect(await screen.findByText('No users yet')).toBeVisible();
});

test('keeps what was seen while the gateway is away, and says so', async () => {
  const error = new AppError({
    code: 'CONNECTION_REFUSED',
    message: 'Nothing listens on port 8443 of s3.rack7.example.',
    hint: 'Check the port.',
  });
  const core = fakeCluster()
    .on('sync.status', () => fakeStatus({ state: 'offline', error: error.toData() }))
    .on('sync.refresh', () => {
      throw error;
    });
  renderConsole(core, users);
  await rowOf(firstUser);
  const chip = screen.getByRole('button', { name: /^Data: Offline/ });
  await userEvent.click(chip);
  expect(await screen.findByText(error.message)).toBeVisible();
});

test('tells what failed where the first reading never worked', async () => {
  const failed = () => {
    throw new AppError({
      code: 'SNAPSHOT_DAMAGED',
      message: 'What was last seen of this cluster can not be read.',
      hint: 'Refresh to fetch it again.',
    });
  };
  renderConsole(fakeCluster().on('users.list', failed), users);
  expect(
    await screen.findByText('What was last seen of this cluster can not be read.'),
  ).toBeVisible();
  expect(screen.getByText('Refresh to fetch it again.')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Copy details' })).toBeVisible();
});

test('reads again when core says that users changed', async () => {
  const core = fakeCluster(3);
  renderConsole(core, users);
  await rowOf(firstUser);
  core.on('users.list', () => ({ total: 0, rows: [], asOf: null }));
  core.emit({ name: 'data.changed', payload: { connectionId: 'rack-7', topics: ['users'] } });
  await waitFor(() => expect(screen.queryByText(firstUser)).toBeNull());
});

test('a detail whose row search or filters exclude says so and offers to clear them', async () => {
  const view = renderConsole(fakeCluster(40), `${users}?open=0000000000000005&q=000007`);
  const panel = await screen.findByRole('complementary', { name: 'Details of the user' });
  expect(
    await within(panel).findByText(/is not in the list: excluded by search “000007”/),
  ).toBeVisible();
  await userEvent.click(within(panel).getByRole('button', { name: 'Clear' }));
  await waitFor(() => expect(view.address()).toBe(`${users}?open=0000000000000005`));
  await waitFor(() => expect(within(panel).queryByText(/is not in the list/)).toBeNull());
});

test('a list of any length says which row of it is excluded, and reads none of the others for it', async () => {
  const core = fakeCluster(200_000);
  renderConsole(core, `${users}?open=0000000000000005&q=example&state=disabled`);
  const panel = await screen.findByRole('complementary', { name: 'Details of the user' });
  expect(await within(panel).findByText(/is not in the list: excluded by/)).toBeVisible();
  expect(core.inputsOf('users.list').length).toBeLessThan(6);
});

test('a detail whose row is in the narrowed list says nothing of it', async () => {
  const core = fakeCluster(100_000);
  renderConsole(core, `${users}?open=0000000000000005&q=example`);
  await screen.findByRole('heading', { level: 2, name: 'user-000005@example.com' });
  await waitFor(() =>
    expect(core.inputsOf('users.list').some(({ only }) => only !== undefined)).toBe(true),
  );
  expect(screen.queryByText(/is not in the list/)).toBeNull();
});

test('names a user without an e-mail by its id, in the list and in the details', async () => {
  const nameless = { ...fakeUser(7), email: '' };
  const core = fakeCluster()
    .on('users.list', () => ({ total: 1, rows: [nameless], asOf: fakeAsOf }))
    .on('users.get', () => ({ ...fakeUserDetail(7), email: '' }));
  renderConsole(core, users);
  await userEvent.click(await screen.findByRole('link', { name: nameless.userId }));
  const panel = await screen.findByRole('complementary', { name: 'Details of the user' });
  const heading = await within(panel).findByRole('heading', { level: 2 });
  expect(heading).toHaveTextContent(nameless.userId);
});

test('shows the owner id of a user in its details', async () => {
  const core = fakeCluster().on('users.get', () => ({
    ...fakeUserDetail(0),
    ownerId: '00000000000000aa',
  }));
  renderConsole(core, users);
  await userEvent.click(await screen.findByText(firstUser));
  const panel = await screen.findByRole('complementary', { name: 'Details of the user' });
  expect(await within(panel).findByText('00000000000000aa')).toBeVisible();
});

test('the owner id is a column, in exports too', () => {
  const column = userColumns.find(({ id }) => id === 'ownerId');
  expect(column?.csv?.({ ...fakeUser(0), ownerId: '00000000000000aa' })).toBe('00000000000000aa');
});

test('counts nobody where the cluster was never read', async () => {
  const core = fakeCluster()
    .on('users.list', () => ({ total: 0, rows: [], asOf: null }))
    .on('sync.status', () => fakeStatus({ state: 'never', asOf: null, users: 0, buckets: 0 }));
  renderConsole(core, users);
  expect(await screen.findByText('Nothing read yet')).toBeVisible();
  expect(screen.getByRole('heading', { level: 1 }).parentElement).not.toHaveTextContent(
    /Users\s*0/,
  );
});
