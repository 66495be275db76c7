import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { fakeBulk, fakeRun, fakeRunRow, fakeRunTask } from '#test/fakes/fake-bulk.ts';
import { fakeConnection } from '#test/fakes/fake-cluster.ts';
import { fakePreview } from '#test/fakes/fake-operations.ts';
import { renderConsole } from '../../render-console.tsx';

const address = '/c/rack-7/changes/run/run-1';
const asWanted = {
  fields: [
    {
      field: 'quota',
      label: 'Quota',
      unit: 'GB',
      before: '100',
      after: '100',
      changed: false,
    },
  ],
};
const rows = [fakeRunRow(1), fakeRunRow(2, asWanted)];

function refusedRow(
  row: number,
  code: 'TARGET_CHANGED' | 'NOT_FOUND' | 'INPUT_INVALID',
  line?: number,
) {
  const error = {
    code,
    message: 'It is something else by now.',
    hint: 'Plan anew.',
    retryable: false,
  };
  return fakeRunRow(row, { state: 'refused', error, ...(line === undefined ? {} : { line }) });
}

test('previews every row, and says which are skipped', async () => {
  const run = fakeRun({ warnings: ['One thing.', 'Two.', 'Three.', 'Four.'] });
  renderConsole(fakeBulk(run, rows), address);
  const first = await screen.findByRole('row', { name: /user-000001/ });
  expect(first).toHaveTextContent('Quota10 GB100 GB');
  expect(first).toHaveTextContent('To do');
  const second = screen.getByRole('row', { name: /user-000002/ });
  expect(second).toHaveTextContent('unchanged, skipped: Quota 100 GB');
  expect(screen.getByText('of 5 targets')).toBeVisible();
  expect(screen.getByText('4 writes, the rest reads before and after')).toBeVisible();
  expect(screen.queryByText('Four.')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Show 1 more' }));
  expect(screen.getByText('Four.')).toBeVisible();
});

test('tells a plan’s drift row by row', async () => {
  const drifted = [...rows, refusedRow(3, 'TARGET_CHANGED'), refusedRow(4, 'NOT_FOUND')];
  const run = fakeRun({ counts: { ...fakeRun().counts, pending: 2, refused: 2 }, total: 4 });
  renderConsole(fakeBulk(run, drifted), address);
  expect(await screen.findByText(/changed since: 1 · gone: 1/)).toBeVisible();
  expect(screen.getByRole('row', { name: /user-000003/ })).toHaveTextContent('Changed since');
  expect(screen.getByRole('row', { name: /user-000004/ })).toHaveTextContent('Gone');
});

test('tells a change that is not possible from a line of a table that can’t be read', async () => {
  const refused = [...rows, refusedRow(3, 'INPUT_INVALID'), refusedRow(4, 'INPUT_INVALID', 9)];
  const run = fakeRun({ counts: { ...fakeRun().counts, pending: 2, refused: 2 }, total: 4 });
  renderConsole(fakeBulk(run, refused), address);
  expect(await screen.findByText(/not possible: 1 · can’t be read: 1/)).toBeVisible();
  expect(screen.getByRole('row', { name: /user-000003/ })).toHaveTextContent('Not possible');
  const unread = screen.getByRole('row', { name: /user-000004/ });
  expect(unread).toHaveTextContent('Can’t be read');
  expect(unread).toHaveTextContent('Line 9 of the table');
});

test('starts with the canary that was selected and a ticket', async () => {
  const core = fakeBulk(fakeRun(), rows).on('bulk.apply', () => ({ taskId: 'task-1' }));
  renderConsole(core, address);
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Start 4 changes' }));
  const dialog = await screen.findByRole('dialog');
  await user.click(within(dialog).getByLabelText(/Pause for my approval/));
  await user.type(within(dialog).getByLabelText(/Ticket/), 'OPS-7{Enter}');
  await waitFor(() =>
    expect(core.inputsOf('bulk.apply')).toEqual([
      { connectionId: 'rack-7', runId: 'run-1', canary: 'ask', ticket: 'OPS-7' },
    ]),
  );
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('offers no canary for a run that would be all canary', async () => {
  const run = fakeRun({ counts: { ...fakeRun().counts, pending: 3 }, unchanged: 0, total: 3 });
  const core = fakeBulk(run, rows).on('bulk.apply', () => ({ taskId: 'task-1' }));
  renderConsole(core, address);
  await userEvent.click(await screen.findByRole('button', { name: 'Start 3 changes' }));
  const dialog = within(await screen.findByRole('dialog'));
  await userEvent.click(dialog.getByRole('button', { name: 'Start 3 changes' }));
  await waitFor(() =>
    expect(core.inputsOf('bulk.apply')).toEqual([
      { connectionId: 'rack-7', runId: 'run-1', canary: 'none' },
    ]),
  );
  expect(screen.queryByText(/canary/i)).toBeNull();
});

test('wants the name typed on production, and destroys by its own button alone', async () => {
  const run = fakeRun({ destructive: true, needsTypedName: 'Rack 7' });
  const core = fakeBulk(run, rows, fakeConnection({ environment: 'production' })).on(
    'bulk.apply',
    () => ({ taskId: 'task-1' }),
  );
  core.on('connections.list', () => [
    fakeConnection({
      environment: 'production',
      unlockedUntil: new Date(Date.now() + 600_000).toISOString(),
    }),
  ]);
  renderConsole(core, address);
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Start 4 changes' }));
  const dialog = await screen.findByRole('dialog');
  const start = within(dialog).getByRole('button', { name: 'Start 4 changes' });
  expect(start).toBeDisabled();
  const field = within(dialog).getByLabelText(/to confirm on production/);
  await waitFor(() => expect(field).toHaveFocus());
  await user.keyboard('Rack 7{Enter}');
  expect(core.inputsOf('bulk.apply')).toEqual([]);
  await user.click(start);
  await waitFor(() =>
    expect(core.inputsOf('bulk.apply')[0]).toMatchObject({ typedName: 'Rack 7' }),
  );
});

test('offers to unlock a production cluster, and starts nothing before', async () => {
  const production = fakeConnection({ environment: 'production' });
  renderConsole(fakeBulk(fakeRun(), rows, production), address);
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Start 4 changes' }));
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).getByRole('button', { name: /Unlock for/ })).toBeVisible();
  expect(within(dialog).getByRole('button', { name: 'Start 4 changes' })).toBeDisabled();
});

test('starts nothing on a read-only connection and says why', async () => {
  const core = fakeBulk(fakeRun(), rows, fakeConnection({ readOnly: true }));
  renderConsole(core, address);
  const start = await screen.findByRole('button', { name: 'Start 4 changes' });
  expect(start).toHaveAttribute('aria-disabled', 'true');
  await userEvent.click(start);
  expect(screen.queryByRole('dialog')).toBeNull();
  await userEvent.hover(start);
  expect(await screen.findByText(/connection .* is read-only/)).toBeVisible();
});

test('waits after the canary until asked to continue', async () => {
  const run = fakeRun({ state: 'running', taskId: 'task-1' });
  const task = fakeRunTask({ state: 'paused', stage: 'first rows verified', done: 3 });
  const core = fakeBulk(run, rows)
    .on('tasks.list', () => [task])
    .on('tasks.resume', () => null)
    .on('tasks.cancel', () => null);
  renderConsole(core, address);
  const progress = await screen.findByRole('region', { name: 'Progress of the run' });
  expect(progress).toHaveTextContent('The first rows are done and verified');
  expect(progress).toHaveTextContent('remaining 2 rows');
  await userEvent.click(within(progress).getByRole('button', { name: 'Resume with the rest' }));
  expect(core.inputsOf('tasks.resume')).toEqual([{ taskId: 'task-1' }]);
  await userEvent.click(within(progress).getByRole('button', { name: 'Stop here' }));
  expect(core.inputsOf('tasks.cancel')).toEqual([{ taskId: 'task-1' }]);
});

test('retries the failed rows only, and opens a row with its error', async () => {
  const error = {
    code: 'GATEWAY_FAILED',
    message: 'The gateway answered 503.',
    hint: 'Try again.',
    retryable: true,
    requestId: 'req-3',
  } as const;
  const reason = 'Suspended in WHMCS: Gold #20012, Bob & Sons';
  const facts = { error, reason, journalId: 'entry-3', attempts: 2 };
  const failed = fakeRunRow(3, { state: 'failed', ...facts });
  const run = fakeRun({
    state: 'finished',
    counts: { ...fakeRun().counts, pending: 0, verified: 1, failed: 1 },
  });
  const core = fakeBulk(run, [fakeRunRow(1, { state: 'verified', reason }), failed]).on(
    'bulk.resume',
    () => ({ taskId: 'task-2' }),
  );
  const { address: now } = renderConsole(core, `${address}?show=failed`);
  const user = userEvent.setup();
  await user.click(await screen.findByRole('row', { name: /user-000003/ }));
  expect(now()).toContain('open=3');
  const panel = await screen.findByRole('complementary', { name: 'Details of the row' });
  expect(panel).toHaveTextContent('2 attempts');
  expect(within(panel).getByRole('alert')).toHaveTextContent('req-3');
  expect(within(panel).getByText(reason)).toBeVisible();
  expect(within(panel).getByRole('link', { name: 'Journal entry' })).toHaveAttribute(
    'href',
    '/c/rack-7/journal?open=entry-3',
  );
  await user.keyboard('{Escape}');
  await user.click(screen.getByRole('button', { name: 'Retry 1 failed row' }));
  const dialog = await screen.findByRole('dialog');
  await user.click(within(dialog).getByRole('button', { name: 'Retry 1 failed row' }));
  await waitFor(() =>
    expect(core.inputsOf('bulk.resume')).toEqual([
      { connectionId: 'rack-7', runId: 'run-1', failedOnly: true },
    ]),
  );
});

test('says why each row is done, in the preview already', async () => {
  const reason = 'Differs from plan Silver';
  renderConsole(fakeBulk(fakeRun(), [fakeRunRow(1, { reason })]), address);
  const row = await screen.findByRole('row', { name: /user-000001/ });
  expect(row).toHaveTextContent(reason);
});

test('shows the requests and commands of one row, when asked', async () => {
  const core = fakeBulk(fakeRun(), [fakeRunRow(1)]).on('operations.preview', () => fakePreview());
  renderConsole(core, `${address}?open=1`);
  const user = userEvent.setup();
  const panel = await screen.findByRole('complementary', { name: 'Details of the row' });
  expect(core.inputsOf('operations.preview')).toEqual([]);
  await user.click(await within(panel).findByRole('button', { name: /^Show requests/ }));
  expect(await within(panel).findByText('s3_curl')).toBeVisible();
  expect(panel).toHaveTextContent('emailAddress=u&disable');
  expect(core.inputsOf('operations.preview')).toEqual([
    { connectionId: 'rack-7', operation: 'quotas.set', input: fakeRunRow(1).input },
  ]);
});

test('reads all unconfirmed rows again with one button, and says what that showed', async () => {
  let run = fakeRun({
    state: 'finished',
    unconfirmed: 3,
    counts: { ...fakeRun().counts, pending: 0, verified: 2, sent: 3 },
  });
  const reading = fakeRunTask({ taskId: 'task-9', kind: 'bulk.recheck', done: 1, total: 3 });
  const core = fakeBulk(run, rows, fakeConnection({ readOnly: true }))
    .on('bulk.get', () => run)
    .on('bulk.recheck', () => {
      core.emit({ name: 'task.changed', payload: { task: reading } });
      return { taskId: 'task-9' };
    });
  renderConsole(core, address);
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Read 3 unconfirmed rows again' }));
  expect(core.inputsOf('bulk.recheck')).toEqual([{ connectionId: 'rack-7', runId: 'run-1' }]);
  const progress = await screen.findByRole('region', { name: 'Reading again' });
  expect(progress).toHaveTextContent('1 of 3');
  expect(screen.queryByRole('button', { name: /unconfirmed/ })).toBeNull();
  const ended = { ...reading, state: 'succeeded', endedAt: run.createdAt, failed: 1 } as const;
  core.on('tasks.get', () => ({ ...ended, result: { read: 2, verified: 1 } }));
  run = { ...run, unconfirmed: 2 };
  core.emit({ name: 'task.changed', payload: { task: ended } });
  expect(
    await screen.findByText(
      'Checked again: 1 of 2 rows is verified now. 1 row still does not show it. 1 row could not be read.',
    ),
  ).toBeVisible();
  expect(await screen.findByRole('button', { name: /Read 2 unconfirmed rows/ })).toBeVisible();
  expect(core.inputsOf('bulk.resume')).toEqual([]);
});

test('offers an interrupted run in the tray and on its page', async () => {
  const counts = { ...fakeRun().counts, pending: 2, sending: 1, verified: 2 };
  const run = fakeRun({ state: 'interrupted', counts });
  const core = fakeBulk(run, rows).on('bulk.resume', () => ({ taskId: 'task-2' }));
  const { address: now } = renderConsole(core, '/c/rack-7/users');
  const tray = await screen.findByRole('region', { name: 'Tasks' });
  expect(tray).toHaveTextContent('The console ended in the middle: 3 of 5 rows are left');
  const user = userEvent.setup();
  await user.click(within(tray).getByRole('link', { name: 'Resume or review' }));
  expect(now()).toBe(address);
  expect(await screen.findByText('The console ended in the middle of this run')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Resume with 3 rows' }));
  const dialog = await screen.findByRole('dialog');
  await user.click(within(dialog).getByRole('button', { name: 'Resume with 3 rows' }));
  await waitFor(() => expect(core.inputsOf('bulk.resume')[0]).toMatchObject({ failedOnly: false }));
});

test('a line of a table that can’t be read is named as that, and not as a change', async () => {
  const message = 'state: "enbaled" is neither enabled nor disabled.';
  const error = { code: 'INPUT_INVALID', message, hint: 'Correct it.', retryable: false } as const;
  const bad = fakeRunRow(2, { state: 'refused', line: 7, title: 'Disable user', error });
  renderConsole(fakeBulk(fakeRun(), [fakeRunRow(1), bad]), address);
  const row = await screen.findByRole('row', { name: /user-000002/ });
  expect(row).toHaveTextContent('Line 7 of the table');
  expect(row).toHaveTextContent(message);
  expect(row).not.toHaveTextContent('Disable user');
});

test('a run of another workstation is shown as it was there, and can’t be resumed here', async () => {
  const { counts } = fakeRun({
    counts: { ...fakeRun().counts, verified: 3, failed: 1, pending: 1 },
  });
  const run = fakeRun({ state: 'running', mergedAt: '2026-10-18T00:00:00.000Z', counts });
  renderConsole(fakeBulk({ ...run, unconfirmed: 1 }, rows), address);
  expect(await screen.findByText('Running elsewhere')).toBeVisible();
  expect(screen.getByText('A run of another workstation')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Download script' })).toBeVisible();
  expect(screen.queryByRole('button', { name: /Resume|Retry|Read 1|Reverse/ })).toBeNull();
});

test('reverses a run: says what can’t be brought back, and compares before anything is sent', async () => {
  const run = fakeRun({
    state: 'finished',
    counts: { ...fakeRun().counts, pending: 0, verified: 5 },
  });
  const core = fakeBulk(run, rows)
    .on('plans.inverse', () => ({
      name: 'Reverse: Set quota',
      note: null,
      createdAt: run.createdAt,
      createdBy: 'operator',
      endpoint: 'https://s3.rack7.example:8443',
      connectionName: 'Rack 7',
      sameCluster: true,
      snapshotAsOf: null,
      changes: 4,
      tenants: 4,
      destructive: false,
      reverses: 'run-1',
      fileName: 'change-plan-reverse.json',
      mediaType: 'application/json',
      content: '{"plan":1}',
      warnings: [],
      irreversible: ['Revoke access key: user-000002@example.com'],
    }))
    .on('plans.check', () => ({ ...fakeRun({ runId: 'run-2' }), drifted: 0, rows: [] }));
  const { address: now } = renderConsole(core, address);
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Reverse' }));
  const dialog = await screen.findByRole('dialog');
  expect(await within(dialog).findByText(/1 row can’t be brought back/)).toBeVisible();
  await user.click(within(dialog).getByRole('button', { name: 'Preview 4 changes' }));
  await waitFor(() => expect(now()).toBe('/c/rack-7/changes/run/run-2'));
  expect(core.inputsOf('plans.check')[0]?.content).toBe('{"plan":1}');
});

test('draws of 5,000 rows only those in sight', async () => {
  const many = Array.from({ length: 5000 }, (_, index) => fakeRunRow(index + 1));
  const counts = { ...fakeRun().counts, pending: 5000 };
  const core = fakeBulk(fakeRun({ total: 5000, tenants: 5000, counts }), many);
  renderConsole(core, address);
  await screen.findByRole('row', { name: /user-000001/ });
  expect(screen.getAllByRole('row').length).toBeLessThan(80);
  expect(screen.getByText(/of 5,000$/)).toBeVisible();
});

test('says that a run is gone', async () => {
  const core = fakeBulk(fakeRun(), rows).on('bulk.get', () => {
    throw new AppError({
      code: 'NOT_FOUND',
      message: 'This connection has no bulk run of that id.',
      hint: 'Look at the list of runs.',
    });
  });
  renderConsole(core, address);
  expect(await screen.findByRole('alert')).toHaveTextContent('no bulk run of that id');
  expect(screen.queryByRole('button', { name: /Start/ })).toBeNull();
});
