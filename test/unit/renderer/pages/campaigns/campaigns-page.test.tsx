import { renderHook, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { useActionsOnScreen } from '#renderer/kit/stores/on-screen.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { fakeAsOf } from '#test/fakes/fake-cluster.ts';
import { fakeOperations, fakePreview } from '#test/fakes/fake-operations.ts';
import { renderConsole } from '../../render-console.tsx';

type Campaign = CallOutput<'campaigns.get'>;
type Key = CallOutput<'campaigns.keys'>['rows'][number];

const campaignId = '00000000-0000-4000-8000-000000000001';
const noCounts = {
  ...{ todo: 0, generating: 0, generated: 0, 'handed-over': 0, 'in-use': 0, revoking: 0 },
  ...{ revoked: 0, failed: 0, skipped: 0 },
};

function campaign(update: Partial<Campaign> = {}): Campaign {
  return {
    ...{ campaignId, title: 'Autumn', comment: 'All of tenant A', kind: 'rotate', total: 3 },
    ...{ createdAt: fakeAsOf, createdBy: 'olga', closedAt: null, taskId: null },
    counts: { ...noCounts, todo: 1, generated: 1, skipped: 1 },
    due: { generate: 1, revoke: 0 },
    ...update,
  };
}

function campaignKey(row: number, update: Partial<Key> = {}): Key {
  const userId = row.toString(16).padStart(16, '0');
  return {
    ...{ row, userId, email: `user-${row}@example.com`, accountName: null },
    ...{ oldAccessKeyId: `${userId}OLD1`, oldFirstSeen: fakeAsOf, newAccessKeyId: null },
    ...{ state: 'todo', reason: null, hint: null, changedAt: fakeAsOf, changedBy: 'olga' },
    lastActiveOn: null,
    ...update,
  };
}

const keys = [
  campaignKey(1),
  campaignKey(2, {
    ...{ state: 'generated', newAccessKeyId: '0000000000000002NEW1', lastActiveOn: '2026-11-20' },
  }),
  campaignKey(3, { state: 'skipped', reason: 'Both slots are full.' }),
];

function core(update: Partial<Campaign> = {}) {
  return fakeOperations()
    .on('campaigns.list', () => ({ total: 1, rows: [campaign(update)] }))
    .on('campaigns.get', () => campaign(update))
    .on('campaigns.keys', () => ({ total: keys.length, rows: keys }))
    .on('campaigns.mark', () => ({ marked: 1, heldElsewhere: 0 }))
    .on('campaigns.preview', ({ step }) => ({
      keys: 1,
      first: fakePreview({ operation: 'keys.generate', title: 'Generate access key' }),
      refusal: null,
      needsTypedName: step === 'revoke' ? 'Autumn' : null,
    }))
    .on('campaigns.step', () => ({ taskId: 'task-1' }));
}

const page = `/c/rack-7/campaigns/${campaignId}`;

test('lists campaigns with their progress and opens one', async () => {
  const user = userEvent.setup();
  const view = renderConsole(core(), '/c/rack-7/campaigns');
  const row = await screen.findByRole('row', { name: /Autumn/ });
  expect(row).toHaveTextContent('1 of 3');
  const { style } = screen.getByRole('grid', { name: 'Key campaigns' });
  const roomAt1280 = 1062; // what the rail and a scroll bar leave
  const width = Number.parseInt(style.getPropertyValue('--least-width'), 10);
  expect(width).toBeLessThanOrEqual(roomAt1280);
  await user.click(row);
  await waitFor(() => expect(view.address()).toBe(page));
});

test('a list that can’t be read again keeps its rows, below the error', async () => {
  const fake = core();
  renderConsole(fake, '/c/rack-7/campaigns');
  const row = await screen.findByRole('row', { name: /Autumn/ });
  const message = 'The archive is damaged.';
  fake.on('campaigns.list', () => {
    throw new AppError({ code: 'ARCHIVE_DAMAGED', message, hint: 'Repair it.' });
  });
  fake.emit({ name: 'data.changed', payload: { connectionId: 'rack-7', topics: ['campaigns'] } });
  expect(await screen.findByText(message)).toBeVisible();
  expect(row).toBeVisible();
});

test('shows the state of each key, and says that usage is known per user', async () => {
  renderConsole(core(), page);
  const row = await screen.findByRole('row', { name: /user-2@/ });
  expect(row).toHaveTextContent('Generated');
  expect(row.querySelector('time[datetime="2026-11-20"]')).toBeVisible();
  expect(screen.getByRole('row', { name: /user-3@/ })).toHaveTextContent('Both slots are full.');
  expect(screen.getByText(/Usage is known per user, not per key/)).toBeVisible();
  expect(screen.getByText('All of tenant A')).toBeVisible();
});

test('generates what is due after its preview', async () => {
  const user = userEvent.setup();
  const fake = core();
  renderConsole(fake, page);
  await user.click(await screen.findByRole('button', { name: 'Generate 1 key' }));
  const dialog = await screen.findByRole('dialog');
  expect(await within(dialog).findByText('The key')).toBeVisible();
  await user.type(within(dialog).getByLabelText(/Ticket or reason/), 'OPS-7');
  await user.click(within(dialog).getByRole('button', { name: 'Generate 1 key' }));
  await waitFor(() =>
    expect(fake.inputsOf('campaigns.step')).toEqual([
      { connectionId: 'rack-7', campaignId, step: 'generate', ticket: 'OPS-7' },
    ]),
  );
});

test('generates for the selected keys alone', async () => {
  const user = userEvent.setup();
  const fake = core();
  renderConsole(fake, page);
  for (const name of [/user-1@/, /user-2@/]) {
    const row = await screen.findByRole('row', { name });
    await user.click(within(row).getByRole('checkbox'));
  }
  // of the two, one has its second key already
  await user.click(screen.getByRole('button', { name: 'Generate for 1 selected' }));
  const dialog = await screen.findByRole('dialog');
  await within(dialog).findByText('The key');
  await user.click(within(dialog).getByRole('button', { name: 'Generate 1 key' }));
  await waitFor(() =>
    expect(fake.inputsOf('campaigns.step')).toEqual([
      { connectionId: 'rack-7', campaignId, step: 'generate', rows: [1] },
    ]),
  );
});

test('revokes the old keys of those selected that are in use, or failed at it, alone', async () => {
  const user = userEvent.setup();
  const newAccessKeyId = '0000000000000000NEW1';
  const rows = [
    campaignKey(1, { state: 'in-use', newAccessKeyId }),
    campaignKey(2, { state: 'failed', newAccessKeyId }),
    campaignKey(3, { state: 'failed' }),
    campaignKey(4, { state: 'generated', newAccessKeyId }),
    campaignKey(5, { state: 'in-use', newAccessKeyId }),
  ];
  const fake = core().on('campaigns.keys', () => ({ total: rows.length, rows }));
  renderConsole(fake, page);
  for (const name of [/user-1@/, /user-2@/, /user-3@/, /user-4@/]) {
    const row = await screen.findByRole('row', { name });
    await user.click(within(row).getByRole('checkbox'));
  }
  await user.click(screen.getByRole('button', { name: 'Revoke old keys of 2 selected' }));
  const dialog = await screen.findByRole('dialog');
  await user.type(await within(dialog).findByLabelText(/Type Autumn/), 'Autumn');
  await user.click(within(dialog).getByRole('button', { name: 'Revoke 1 old key' }));
  const asked = { connectionId: 'rack-7', campaignId, step: 'revoke', rows: [1, 2] };
  expect(fake.inputsOf('campaigns.preview')).toEqual([asked]);
  await waitFor(() =>
    expect(fake.inputsOf('campaigns.step')).toEqual([{ ...asked, typedName: 'Autumn' }]),
  );
});

test('revoking waits for keys that are in use, and asks production for the name', async () => {
  const user = userEvent.setup();
  const idle = renderConsole(core(), page);
  const off = await screen.findByRole('button', { name: 'Revoke old keys' });
  expect(off).toHaveAttribute('aria-disabled', 'true');
  idle.unmount();
  const fake = core({ due: { generate: 0, revoke: 1 } });
  renderConsole(fake, page);
  await user.click(await screen.findByRole('button', { name: 'Revoke 1 old key' }));
  const dialog = await screen.findByRole('dialog');
  const verb = within(dialog).getByRole('button', { name: 'Revoke 1 old key' });
  const field = await within(dialog).findByLabelText(/Type Autumn/);
  expect(verb).toBeDisabled();
  await user.type(field, 'Autumn');
  await user.click(verb);
  await waitFor(() =>
    expect(fake.inputsOf('campaigns.step')).toMatchObject([
      { step: 'revoke', typedName: 'Autumn' },
    ]),
  );
});

test('says once that it could not be read', async () => {
  const failing = (message: string) =>
    new AppError({ code: 'NOT_FOUND', message, hint: 'Go back.' });
  const keysFailed = Promise.withResolvers<never>();
  const unread = core()
    .on('campaigns.keys', () => {
      throw failing('No keys here.');
    })
    .on('campaigns.get', () => keysFailed.promise);
  renderConsole(unread, page);
  await screen.findByText('No keys here.');
  keysFailed.reject(failing('No campaign here.'));
  await screen.findByText('No campaign here.');
  expect(screen.queryByText('No keys here.')).toBeNull();
});

test('offers the steps that core has keys for, also what failed', async () => {
  const failed = { counts: { ...noCounts, failed: 5 }, due: { generate: 0, revoke: 5 } };
  const shown = renderConsole(core(failed), page);
  expect(await screen.findByRole('button', { name: 'Revoke 5 old keys' })).toBeEnabled();
  expect(screen.getByRole('button', { name: 'Generate keys' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  shown.unmount();
  const gone = { counts: { ...noCounts, failed: 1 }, due: { generate: 1, revoke: 0 } };
  const finish = renderConsole(core({ ...gone, kind: 'finish' }), page);
  expect(await screen.findByRole('button', { name: 'Generate 1 key' })).toBeEnabled();
  finish.unmount();
  // what the page does not offer, the palette does not either
  renderConsole(core({ closedAt: fakeAsOf }), page);
  expect(await screen.findByRole('button', { name: 'Reopen' })).toBeVisible();
  expect(screen.queryByRole('button', { name: /Generate|Revoke/ })).toBeNull();
  const { current: offered } = renderHook(() => useActionsOnScreen()).result;
  expect(offered.filter(({ id }) => id.startsWith('campaign-'))).toEqual([]);
});

test('marks keys as they were when selected, and says how many were', async () => {
  const user = userEvent.setup();
  let counts = { ...noCounts, todo: 1, generated: 1, skipped: 1 };
  const fake = core()
    .on('campaigns.get', () => campaign({ counts }))
    .on('campaigns.mark', () => ({ marked: 0, heldElsewhere: 1 }));
  renderConsole(fake, page);
  const select = async () => {
    for (const name of [/user-1@/, /user-3@/]) {
      const row = await screen.findByRole('row', { name });
      await user.click(within(row).getByRole('checkbox'));
    }
  };
  await select();
  await user.click(screen.getByRole('button', { name: 'Mark' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Do after all (1)' }));
  const dialog = await screen.findByRole('dialog', { name: 'Do after all: 1 key' });
  await user.click(within(dialog).getByRole('button', { name: 'Do after all' }));
  expect(await screen.findByText('Do after all: 0 of 1 key')).toBeVisible();
  expect(screen.getByText(/1 key stayed skipped: another open campaign/)).toBeVisible();
  expect(fake.inputsOf('campaigns.mark')).toMatchObject([{ rows: [3], states: ['skipped'] }]);
  // once the keys of the campaign are in other states, nothing stays selected
  expect(screen.getByText('2 keys selected')).toBeVisible();
  counts = { ...noCounts, generated: 2, skipped: 1 };
  fake.emit({
    name: 'data.changed',
    payload: { connectionId: 'rack-7', topics: ['campaigns'] },
  });
  await waitFor(() => expect(screen.queryByText('2 keys selected')).toBeNull());
});

test('marks nothing while the campaign is closed or a step of it runs', async () => {
  const user = userEvent.setup();
  for (const held of [{ closedAt: fakeAsOf }, { taskId: 'task-1' }]) {
    const fake = core(held).on('tasks.list', () => []);
    const view = renderConsole(fake, page);
    const row = await screen.findByRole('row', { name: /user-2@/ });
    await user.click(within(row).getByRole('checkbox'));
    const mark = await screen.findByRole('button', { name: 'Mark' });
    expect(mark).toHaveAttribute('aria-disabled', 'true');
    const { result, unmount } = renderHook(() => useActionsOnScreen());
    const marks = result.current.filter(({ label }) => label.endsWith('1 key selected'));
    expect(marks.map(({ label, reason }) => [label, reason === null])).toEqual([
      ['Mark as handed over: 1 key selected', false],
      ['Mark as in use: 1 key selected', false],
      ['Skip: 1 key selected', false],
    ]);
    unmount();
    await user.click(within(row).getByRole('button', { name: /Actions on/ }));
    expect(await screen.findByRole('menuitem', { name: 'Handover sheet' })).toBeVisible();
    const items = screen.getAllByRole('menuitem').map(({ textContent }) => textContent);
    expect(items).toEqual(['Copy as', 'Open owner', 'Open in new window', 'Handover sheet']);
    view.unmount();
  }
});

test('marks keys; a saved sheet with the secret is handed over', async () => {
  const user = userEvent.setup();
  const secret = 'a'.repeat(40);
  const fake = core().on('onboarding.handover', ({ withSecret, accessKeyId = '' }) => ({
    ...{ endpoint: 'https://s3.example', region: 'us-east-1', email: 'user-2@example.com' },
    ...{ accessKeyId, secretAccessKey: withSecret ? secret : null, tools: [], text: 'sheet' },
    fileName: 'handover.txt',
  }));
  renderConsole(fake, page);
  const row = await screen.findByRole('row', { name: /user-2@/ });
  await user.click(within(row).getByRole('button', { name: /Actions on/ }));
  await user.click(await screen.findByRole('menuitem', { name: 'Handover sheet' }));
  await user.click(await screen.findByRole('button', { name: 'Include secret' }));
  await user.click(await screen.findByRole('button', { name: 'Save sheet with secret' }));
  await waitFor(() =>
    expect(fake.inputsOf('campaigns.mark')).toMatchObject([
      { campaignId, rows: [2], states: ['generated'], as: 'handed-over' },
    ]),
  );
  expect(fake.inputsOf('onboarding.handover')[0]).toMatchObject({
    accessKeyId: '0000000000000002NEW1',
  });
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());

  await user.click(within(row).getByRole('button', { name: /Actions on/ }));
  await user.click(await screen.findByRole('menuitem', { name: 'Skip' }));
  const dialog = await screen.findByRole('dialog', { name: 'Skip: 1 key' });
  expect(within(dialog).getByRole('button', { name: 'Skip' })).toBeDisabled();
  await user.type(within(dialog).getByLabelText(/Reason/), 'Leaves');
  await user.click(within(dialog).getByRole('button', { name: 'Skip' }));
  await waitFor(() =>
    expect(fake.inputsOf('campaigns.mark').at(-1)).toMatchObject({
      ...{ rows: [2], states: ['generated'], as: 'skipped', reason: 'Leaves' },
    }),
  );
});

test('starts from the filters of the Keys page', async () => {
  const user = userEvent.setup();
  const inventory = {
    ...{ users: 3, usersKnown: 3, buckets: 0, bucketsKnown: 0, taskId: null, unfinished: false },
    ...{ oldest: fakeAsOf, newest: fakeAsOf },
  };
  const fake = core()
    .on('inventory.status', () => inventory)
    .on('keys.list', () => ({ total: 12, rows: [], inventory }))
    .on('campaigns.start', () => campaign());
  const view = renderConsole(fake, '/c/rack-7/keys?older=90&state=enabled&q=tenant');
  await user.click(await screen.findByRole('button', { name: 'Start key campaign' }));
  const dialog = await screen.findByRole('dialog', { name: 'Start key campaign' });
  expect(await within(dialog).findByText('12 keys, as last read.')).toBeVisible();
  await user.type(within(dialog).getByLabelText('Comment'), 'Yearly');
  await user.click(within(dialog).getByRole('button', { name: 'Start key campaign' }));
  await waitFor(() =>
    expect(fake.inputsOf('campaigns.start')).toMatchObject([
      {
        ...{ kind: 'rotate', comment: 'Yearly' },
        of: { search: 'tenant', filter: { olderThanDays: 90, ownerState: 'enabled' } },
      },
    ]),
  );
  await waitFor(() => expect(view.address()).toBe(page));
});
