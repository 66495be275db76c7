import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeConnection } from '#test/fakes/fake-cluster.ts';
import { fakeObjectName, fakeUsage, fakeUsageObject } from '#test/fakes/fake-usage.ts';
import { fill } from '../../../fill.ts';
import { renderConsole } from '../../../render-console.tsx';

const waitingName = fakeObjectName.replace('0065', '0066');

function listing(update: Partial<CallOutput<'usage.objects'>> = {}): CallOutput<'usage.objects'> {
  const row = { startAt: '2026-10-01T00:00:00.000Z', period: 1800, state: 'closed' as const };
  return {
    total: 2,
    rows: [
      {
        ...row,
        name: fakeObjectName,
        serviceId: '8000000000000065',
        archived: true,
        removable: true,
      },
      {
        ...row,
        name: waitingName,
        serviceId: '8000000000000066',
        archived: false,
        removable: false,
      },
    ],
    asOf: '2026-11-21T12:00:00.000Z',
    source: 'gateway',
    complete: true,
    ignored: [],
    backlog: {
      objects: 1201,
      notArchived: 1,
      removable: 1195,
      growing: 0,
      failed: 0,
      oldest: '2026-10-01T00:00:00.000Z',
      newest: '2026-11-01T00:00:00.000Z',
      estimatedBytes: 4096,
    },
    ...update,
  };
}

test('asks before it removes, and names the number', async () => {
  const core = fakeUsage()
    .on('usage.objects', () => listing())
    .on('usage.removeObjects', () => ({ taskId: 'task-1' }));
  renderConsole(core, '/c/rack-7/usage/gateway');
  expect(await screen.findByText('1,201 statistics objects')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Delete archived' }));
  const dialog = await screen.findByRole('dialog');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Delete 1,195 objects' }));
  await waitFor(() =>
    expect(core.inputsOf('usage.removeObjects')).toEqual([{ connectionId: 'rack-7' }]),
  );
});

test('of selected objects removes the archived ones only', async () => {
  const core = fakeUsage()
    .on('usage.objects', () => listing())
    .on('usage.removeObjects', () => ({ taskId: 'task-1' }));
  renderConsole(core, '/c/rack-7/usage/gateway');
  const grid = await screen.findByRole('grid', { name: /objects on the gateway/ });
  await within(grid).findByText(fakeObjectName);
  for (const box of within(grid).getAllByLabelText('Select this row')) await userEvent.click(box);
  await userEvent.click(screen.getByRole('button', { name: 'Delete 1' }));
  const dialog = await screen.findByRole('dialog');
  expect(dialog).toHaveTextContent(
    '1 selected object not archived yet, in conflict or still able to change is skipped.',
  );
  await userEvent.click(within(dialog).getByRole('button', { name: 'Delete 1 object' }));
  await waitFor(() =>
    expect(core.inputsOf('usage.removeObjects')).toEqual([
      { connectionId: 'rack-7', names: [fakeObjectName] },
    ]),
  );
});

test('removes nothing through a read-only connection', async () => {
  const core = fakeUsage(fakeConnection({ readOnly: true })).on('usage.objects', () => listing());
  renderConsole(core, '/c/rack-7/usage/gateway');
  const button = await screen.findByRole('button', { name: 'Delete archived' });
  expect(button).toHaveAttribute('aria-disabled', 'true');
  await userEvent.click(button);
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('says as of when the list is where the gateway can not be reached', async () => {
  const core = fakeUsage().on('usage.objects', () => listing({ source: 'last-seen' }));
  renderConsole(core, '/c/rack-7/usage/gateway');
  expect(await screen.findByText('As last seen')).toBeVisible();
});

test('without objects, says how statistics are switched on', async () => {
  const { backlog } = listing();
  const core = fakeUsage().on('usage.objects', () =>
    listing({ total: 0, rows: [], backlog: { ...backlog, objects: 0, notArchived: 0 } }),
  );
  renderConsole(core, '/c/rack-7/usage/gateway');
  expect(await screen.findByText('S3_GW_COLLECT_STAT=1')).toBeVisible();
});

test('shows the format version of an object, and tag and epoch of each entry', async () => {
  const core = fakeUsage()
    .on('usage.objects', () => listing())
    .on('usage.object', () => ({ ...fakeUsageObject(), formatVersion: 3 }));
  renderConsole(core, `/c/rack-7/usage/gateway?open=${fakeObjectName}`);
  const entries = await screen.findByRole('table', { name: 'Entries' });
  expect(within(entries).getByText('tag-7')).toBeVisible();
  expect(within(entries).getByText('98305')).toBeVisible();
  expect(screen.getByText('Format version').nextSibling).toHaveTextContent('3');
});

test('discards what is not archived only after its name was typed', async () => {
  const core = fakeUsage()
    .on('usage.objects', () => listing())
    .on('usage.discardObjects', () => ({ taskId: 'task-1' }));
  renderConsole(core, '/c/rack-7/usage/gateway');
  const grid = await screen.findByRole('grid');
  const boxes = await within(grid).findAllByLabelText('Select this row');
  for (const box of boxes) await userEvent.click(box);
  await userEvent.click(screen.getByRole('button', { name: 'Discard 1 not archived' }));
  const dialog = await screen.findByRole('dialog');
  const button = within(dialog).getByRole('button', { name: 'Discard 1 object' });
  expect(button).toBeDisabled();
  await fill(within(dialog).getByRole('textbox'), waitingName);
  await userEvent.click(button);
  await waitFor(() =>
    expect(core.inputsOf('usage.discardObjects')).toEqual([
      { connectionId: 'rack-7', names: [waitingName], typedName: waitingName },
    ]),
  );
});

test('says what it waits for while the gateway takes its time', async () => {
  const core = fakeUsage().on('usage.objects', () => new Promise<never>(() => {}));
  renderConsole(core, '/c/rack-7/usage/gateway');
  expect(await screen.findByText('Reading the gateway’s list')).toBeVisible();
});
