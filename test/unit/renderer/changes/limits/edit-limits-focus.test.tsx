import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { openEditLimits } from '#renderer/changes/limits/edit-limits.tsx';
import { fakeOperations, fakePreview } from '#test/fakes/fake-operations.ts';
import { fakeSummary } from '#test/fakes/fake-usage.ts';
import { renderDialogs } from '../operation/render-operation.tsx';

test('"At most" leads into its field, which keeps what is typed to the letter', async () => {
  renderDialogs(fakeOperations());
  openEditLimits({ user: '0000000000000005' }, { set: false, limits: {} });
  const choice = await screen.findByRole('radiogroup', { name: 'Get: unlimited or limited' });
  await userEvent.click(within(choice).getByLabelText('At most'));
  const field = screen.getByLabelText('Get, operations/s');
  expect(field).toHaveFocus();
  await userEvent.keyboard('1.234');
  expect(field).toHaveValue('1.234');
  expect(field).toHaveAccessibleDescription(/can mean 1234 or 1.2340/);
});

test('prepared rates are typed in already; +10 % changes the rate there is', async () => {
  const core = fakeOperations().on('operations.preview', ({ operation }) =>
    fakePreview({ operation, title: 'Set rate limits', destructive: false, impact: null }),
  );
  renderDialogs(core);
  const limits = { set: true, limits: { opsGet: 100 } };
  openEditLimits({ user: '0000000000000005' }, limits, false, { opsGet: 200 });
  const asked = () => core.inputsOf('operations.preview').at(-1);
  const field = await screen.findByLabelText('Get, operations/s');
  expect(field).toHaveValue('200');
  await waitFor(() => expect(asked()).toMatchObject({ input: { limits: { opsGet: '200' } } }));
  await userEvent.clear(field);
  await userEvent.type(field, '+10 %');
  await waitFor(() => expect(asked()).toMatchObject({ input: { limits: { opsGet: '110' } } }));
});

test('where nothing is limited the first rate can be typed at once, and is a limit by that', async () => {
  renderDialogs(fakeOperations());
  openEditLimits({ user: '0000000000000005' }, { set: false, limits: {} });
  const field = await screen.findByLabelText('Default, operations/s');
  await waitFor(() => expect(field).toHaveFocus());
  await userEvent.keyboard('50');
  expect(field).toHaveValue('50');
  const choice = screen.getByRole('radiogroup', { name: 'Default: unlimited or limited' });
  expect(within(choice).getByLabelText('At most')).toBeChecked();
});

test('each limit shows the busiest hour of the last days next to it', async () => {
  const quiet = { put: 0, get: 0, list: 0, other: 0, uploaded: 0, downloaded: 0 };
  const at = (hour: number) => `2026-11-20T${String(hour).padStart(2, '0')}:00:00.000Z`;
  const points = [
    { at: at(1), ...quiet, get: 3600, downloaded: '36000000' },
    { at: at(2), ...quiet, get: 90_000, other: 1800 },
    { at: at(3), ...quiet, get: 7200 },
  ];
  const core = fakeOperations().on('usage.series', () => ({
    ...{ step: 'hour', points, missing: [], open: [], coverage: fakeSummary() },
  }));
  renderDialogs(core);
  openEditLimits({ user: '0000000000000005' }, { set: true, limits: { opsGet: 100 } });
  const rowOf = async (name: string) => (await screen.findByLabelText(name)).closest('tr');
  await waitFor(async () =>
    expect(await rowOf('Get, operations/s')).toHaveTextContent('Busiest hour: 25'),
  );
  expect(screen.getAllByTitle(/2026-11-20 02:00/)).toHaveLength(2);
  expect(await rowOf('Default, operations/s')).toHaveTextContent('Busiest hour: 0.5');
  expect(await rowOf('Bandwidth out, kbs/s')).toHaveTextContent('Busiest hour: 10');
  expect(await rowOf('Delete, operations/s')).not.toHaveTextContent('Busiest');
  const [asked] = core.inputsOf('usage.series');
  expect(asked).toMatchObject({ step: 'hour', filter: { userId: '0000000000000005' } });
  expect(Date.parse(asked?.to ?? '') - Date.parse(asked?.from ?? '')).toBe(7 * 86_400_000);
});

test('no busiest hour is shown while statistics are being read', async () => {
  const { promise: read, resolve } = Promise.withResolvers<void>();
  const core = fakeOperations().on('usage.series', async () => {
    await read;
    return { ...{ step: 'hour', points: [], missing: [], open: [], coverage: fakeSummary() } };
  });
  renderDialogs(core);
  openEditLimits({ user: '0000000000000005' }, { set: true, limits: { opsGet: 100 } });
  await waitFor(() => expect(core.inputsOf('usage.series')).toHaveLength(1));
  expect(screen.queryByText(/No statistics of the last 7 days/)).toBeNull();
  resolve();
  expect(await screen.findByText(/No statistics of the last 7 days/)).toBeVisible();
});
