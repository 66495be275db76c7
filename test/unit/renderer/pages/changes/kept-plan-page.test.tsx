import { act, renderHook, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { useActionsOnScreen } from '#renderer/kit/stores/on-screen.ts';
import { fakeBulk, fakeRun } from '#test/fakes/fake-bulk.ts';
import { fakeAsOf, fakeConnection } from '#test/fakes/fake-cluster.ts';
import { fakePlan, fakePlanRow } from '#test/fakes/fake-plans.ts';
import { renderConsole } from '../../render-console.tsx';

const address = '/c/rack-7/changes/plans/plan-1';
const comparison = { at: fakeAsOf, applies: 1, drifted: 1, done: 0, refused: 0 };

const drifted = fakePlanRow(2, {
  standing: 'drifted',
  comment: 'Agreed by mail.',
  error: {
    code: 'TARGET_CHANGED',
    message: 'It is no longer what the plan was made on.',
    hint: 'This row is skipped.',
    retryable: false,
    details: {
      differences: [{ field: 'quota', label: 'Quota', expected: '50', found: '11' }],
    },
  },
});

function core(plan = fakePlan({ comparison }), connection = fakeConnection()) {
  return fakeBulk(fakeRun(), [], connection)
    .on('plans.list', () => [plan])
    .on('plans.rows', () => ({
      total: 2,
      rows: [fakePlanRow(1, { standing: 'applies' }), drifted],
    }))
    .on('plans.edit', () => plan)
    .on('plans.editRow', () => plan)
    .on('plans.removeRows', () => plan)
    .on('plans.compare', () => plan)
    .on('plans.check', () => ({ ...fakeRun(), drifted: 1, rows: [] }));
}

async function menuOf(name: RegExp, entry: string) {
  const row = await screen.findByRole('row', { name });
  await userEvent.click(within(row).getByRole('button', { name: /^Actions on/ }));
  await userEvent.click(await screen.findByRole('menuitem', { name: entry }));
}

test('lists the plans of the cluster; one opens with its changes', async () => {
  const view = renderConsole(core(), '/c/rack-7/changes/plans');
  const row = await screen.findByRole('row', { name: /Night/ });
  expect(row).toHaveTextContent('1 still applies, 1 drifted');
  expect(row).toHaveTextContent('Open');
  const { style } = screen.getByRole('grid', { name: 'Change plans' });
  const roomAt1280 = 1062; // what the rail and a scroll bar leave
  expect(Number.parseInt(style.getPropertyValue('--least-width'), 10)).toBeLessThanOrEqual(
    roomAt1280,
  );
  await userEvent.click(row);
  expect(view.address()).toBe(address);
  expect(await screen.findByRole('heading', { name: 'Night' })).toBeVisible();
  expect(await screen.findByRole('row', { name: /Drifted/ })).toHaveTextContent('Agreed by mail.');
});

test('a plan that was applied says when and how it came out, and is not applied again', async () => {
  const counts = { ...fakeRun().counts, pending: 0, verified: 2 };
  const run = fakeRun({ state: 'finished', endedAt: fakeAsOf, counts });
  let plan = fakePlan({ runId: run.runId, run, left: 0 });
  const of = core().on('plans.list', () => [plan]);
  renderConsole(of, address);
  const link = await screen.findByRole('link', { name: /Open the run/ });
  expect(link).toHaveAttribute('href', `/c/rack-7/changes/run/${run.runId}`);
  expect(link.closest('dd')).toHaveTextContent(/\d{4}.*: 2 verified · Open the run/);
  expect(screen.getByText('not since it was applied')).toBeVisible();
  expect(screen.queryByText(/still apply/)).toBeNull();
  expect(screen.queryByRole('button', { name: /^Preview and apply/ })).toBeNull();
  const { current: offered } = renderHook(() => useActionsOnScreen()).result;
  expect(offered.find(({ id }) => id === 'plans.apply')?.reason).toBe(
    'All its changes were applied.',
  );
  const partly = { ...run, counts: { ...counts, verified: 1, failed: 1 }, unconfirmed: 1 };
  plan = { ...plan, run: partly, left: 1 };
  of.emit({ name: 'data.changed', payload: { connectionId: 'rack-7', topics: ['bulk'] } });
  await screen.findByRole('button', { name: 'Preview and apply the rest' });
  expect(link.closest('dd')).toHaveTextContent('1 verified, 1 not confirmed');
  // reversed since, as the comparison shows
  plan = { ...plan, left: 0, comparison: { ...comparison, applies: 2, drifted: 0 } };
  of.emit({ name: 'data.changed', payload: { connectionId: 'rack-7', topics: ['bulk'] } });
  await screen.findByText(/2 still apply/);
  expect(screen.getByRole('button', { name: /^Preview and apply/ })).toBeVisible();
});

test('a plan of a read-only cluster is compared and previewed: that sends no change', async () => {
  const of = core(fakePlan({ comparison }), fakeConnection({ readOnly: true }));
  renderConsole(of, address);
  const compare = await screen.findByRole('button', { name: 'Compare with the cluster' });
  await userEvent.click(compare);
  await waitFor(() => expect(of.inputsOf('plans.compare')).toHaveLength(1));
  const apply = screen.getByRole('button', { name: 'Preview and apply' });
  expect(apply).not.toHaveAttribute('aria-disabled');
});

test('everything that can be done with a plan is in the palette too', async () => {
  const of = core();
  renderConsole(of, address);
  await screen.findByRole('row', { name: /Drifted/ });
  const { current: offered } = renderHook(() => useActionsOnScreen()).result;
  const usable = offered.filter(({ reason }) => reason === null);
  expect(usable.map(({ label }) => label)).toEqual(
    expect.arrayContaining([
      ...['Compare plan Night', 'Apply plan Night', 'Name and note: Night'],
      ...['Export plan: Night', 'Delete plan: Night'],
    ]),
  );
  act(() => usable.find(({ id }) => id === 'plans.compare')?.start());
  await waitFor(() => expect(of.inputsOf('plans.compare')).toMatchObject([{ planId: 'plan-1' }]));
  act(() => usable.find(({ id }) => id === 'plans.delete')?.start());
  expect(await screen.findByRole('dialog', { name: /Delete plan/ })).toBeVisible();
});

test('shows of a drifted change what was seen then and what is there now', async () => {
  const of = core();
  renderConsole(of, address);
  await userEvent.click(await screen.findByRole('row', { name: /Drifted/ }));
  const panel = await screen.findByRole('complementary', { name: 'Details of the row' });
  expect(panel).toHaveTextContent('Quota: planned on 50, now 11');
  await menuOf(/Drifted/, 'Use current values');
  expect(of.inputsOf('plans.editRow')).toEqual([
    { connectionId: 'rack-7', planId: 'plan-1', rowId: 12, acceptDrift: true },
  ]);
});

test('moves, comments, changes and removes a row', async () => {
  const of = core();
  renderConsole(of, address);
  await menuOf(/Drifted/, 'Move up');
  await menuOf(/Drifted/, 'Edit comment');
  const comment = await screen.findByLabelText(/^Set quota,/);
  await userEvent.clear(comment);
  await userEvent.type(comment, 'Called.');
  await userEvent.click(screen.getByRole('button', { name: 'Save comment' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await menuOf(/Drifted/, 'Remove from plan');
  expect(of.inputsOf('plans.editRow')).toMatchObject([
    { rowId: 12, place: 1 },
    { rowId: 12, comment: 'Called.' },
  ]);
  expect(of.inputsOf('plans.removeRows')).toMatchObject([{ rowIds: [12] }]);
});

test('a value is changed in the dialog of that operation, and stays in the plan', async () => {
  const of = core();
  renderConsole(of, address);
  await menuOf(/Drifted/, 'Change value');
  const dialog = await screen.findByRole('dialog');
  const size = await within(dialog).findByLabelText('Quota in GB');
  expect(size).toHaveValue('100');
  await userEvent.clear(size);
  await userEvent.type(size, '250');
  const save = await within(dialog).findByRole('button', { name: 'Save in plan' });
  await waitFor(() => expect(save).toBeEnabled());
  await userEvent.click(save);
  await waitFor(() =>
    expect(of.inputsOf('plans.editRow').at(-1)).toMatchObject({
      rowId: 12,
      change: { operation: 'quotas.set', input: { sizeGb: '250' } },
    }),
  );
});

test('a change of one rate stays one of that rate: the others are not touched', async () => {
  const target = { user: '0000000000000005' };
  const input = { target, limits: { opsGet: '100' } };
  const of = core().on('plans.rows', () => ({
    total: 1,
    rows: [fakePlanRow(1, { operation: 'limits.set', title: 'Set rate limits', input })],
  }));
  renderConsole(of, address);
  await menuOf(/Set rate limits/, 'Change value');
  const dialog = await screen.findByRole('dialog');
  const get = within(dialog).getByLabelText('Get, operations/s');
  expect(get).toHaveValue('100');
  await userEvent.clear(get);
  await userEvent.type(get, '120');
  // what ends on its own is sent at once and has no place in a plan
  expect(within(dialog).queryByLabelText(/^Only until a day/)).toBeNull();
  const save = await within(dialog).findByRole('button', { name: 'Save in plan' });
  await waitFor(() => expect(save).toBeEnabled());
  await userEvent.click(save);
  await waitFor(() =>
    expect(of.inputsOf('plans.editRow').at(-1)).toEqual({
      ...{ connectionId: 'rack-7', planId: 'plan-1', rowId: 11 },
      change: { operation: 'limits.set', input: { target, limits: { opsGet: '120' } } },
    }),
  );
});

test('compares, and prepares the run that applies it', async () => {
  const of = core();
  const view = renderConsole(of, address);
  await userEvent.click(await screen.findByRole('button', { name: 'Compare with the cluster' }));
  expect(of.inputsOf('plans.compare')).toHaveLength(1);
  await userEvent.click(await screen.findByRole('button', { name: 'Preview and apply' }));
  await waitFor(() => expect(view.address()).toBe('/c/rack-7/changes/run/run-1'));
  expect(of.inputsOf('plans.check')).toEqual([{ connectionId: 'rack-7', planId: 'plan-1' }]);
});
