import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { changeWords } from '#renderer/changes/operation/reverse-entry.tsx';
import { fakeStatus } from '#test/fakes/fake-cluster.ts';
import { fakeEntry, fakeOperations, fakePreview } from '#test/fakes/fake-operations.ts';
import { renderConsole } from '../../render-console.tsx';

const journal = '/c/rack-7/journal';

test('lists what changed, how it ended and who did it; an entry opens whole', async () => {
  const view = renderConsole(fakeOperations(), journal);
  const row = await screen.findByRole('row', { name: /Disable user/ });
  expect(row).toHaveTextContent('State: enabled → disabled');
  expect(row).toHaveTextContent('Verified');
  expect(row).toHaveTextContent('operator');
  await userEvent.click(row);
  expect(view.address()).toBe(`${journal}?open=entry-1`);
  expect(await screen.findByText(/^POST https:\/\/s3\.rack7/)).toBeVisible();
  expect(screen.getByText('req-1')).toBeVisible();
});

test('an entry of a run says why its row was done', async () => {
  const reason = 'Suspended in WHMCS: Gold #20012, Bob & Sons';
  const rows = [fakeEntry({ runId: 'run-1', reason })];
  const core = fakeOperations().on('journal.list', () => ({ total: 1, rows }));
  renderConsole(core, `${journal}?open=entry-1`);
  expect(await screen.findByText(reason)).toBeVisible();
});

test('an open entry that the list excludes is reported as excluded, and read separately', async () => {
  const core = fakeOperations().on('journal.list', ({ only }) =>
    only === undefined
      ? { total: 200_000, rows: [{ ...fakeEntry(), journalId: 'entry-2' }] }
      : { total: 0, rows: [] },
  );
  renderConsole(core, `${journal}?open=entry-1&q=nobody`);
  expect(await screen.findByText(/is not in the list: excluded by search “nobody”/)).toBeVisible();
  expect(core.inputsOf('journal.list')).toContainEqual(
    expect.objectContaining({ only: 'entry-1', search: 'nobody' }),
  );
});

test('narrows by result, period, target and words', async () => {
  const core = fakeOperations();
  renderConsole(core, `${journal}?result=sent&target=0000000000000005&q=T-42`);
  await waitFor(() =>
    expect(core.inputsOf('journal.list')).toContainEqual(
      expect.objectContaining({
        search: 'T-42',
        filter: { result: 'sent', targetId: '0000000000000005' },
      }),
    ),
  );
});

test('names every entry that is not as it was written', async () => {
  const core = fakeOperations().on('journal.verify', () => ({
    ok: false,
    entries: 12,
    acts: 6,
    head: 'abc123',
    sealed: true,
    problems: [{ kind: 'changed', sequence: 7, detail: 'its text does not fit its hash' }],
  }));
  renderConsole(core, journal);
  await userEvent.click(await screen.findByRole('button', { name: 'Verify' }));
  const alert = await screen.findByRole('alert');
  expect(alert).toHaveTextContent('1 problem in 6 entries (12 records)');
  expect(alert).toHaveTextContent('sealed with a key in the keychain');
  expect(alert).toHaveTextContent('Entry 7, changed: its text does not fit its hash');
});

test('says that the journal is intact', async () => {
  const core = fakeOperations().on('journal.verify', () => ({
    ok: true,
    entries: 12,
    acts: 6,
    head: 'abc123',
    sealed: false,
    problems: [],
  }));
  renderConsole(core, journal);
  await userEvent.click(await screen.findByRole('button', { name: 'Verify' }));
  expect(await screen.findByText('Journal intact.')).toBeVisible();
  expect(screen.getByText(/not sealed: without a key in the keychain/)).toBeVisible();
});

test('shows the journal of another workstation on its own, and whether its chain is intact', async () => {
  const chain = 'c'.repeat(64);
  const at = '2026-10-01T00:00:00.000Z';
  const core = fakeOperations().on('journal.chains', () => [
    { chain, entries: 4, operators: ['bo'], ok: true, from: at, to: at, source: 'b', mergedAt: at },
  ]);
  renderConsole(core, `${journal}?chain=${chain}&open=entry-1`);
  expect(await screen.findByText(/bo, 4 records, intact/)).toBeVisible();
  await waitFor(() => {
    const filters = core.inputsOf('journal.list').map(({ filter }) => filter);
    expect(filters).toContainEqual({ chain });
    expect(filters).toContainEqual({ chain, journalId: 'entry-1' });
  });
});

test('a change reads as what was and what is', () => {
  const row = fakeEntry({ before: { quota: null }, after: { quota: '0' } });
  expect(changeWords(row)).toBe('Quota: not set → 0 GB');
});

test('says in plain words that a cluster was unlocked and a secret was shown', async () => {
  const unlock = fakeEntry({
    journalId: 'entry-2',
    operation: 'connections.unlock',
    title: 'Unlock production cluster',
    target: { kind: 'connection', id: 'rack-7', name: 'Rack 7' },
    before: { writing: 'locked' },
    after: { writing: 'unlocked until 2026-11-21 12:18:20 UTC' },
    result: 'done',
    requests: [],
  });
  const reveal = fakeEntry({
    operation: 'keys.reveal',
    title: 'Reveal secret',
    before: { keys: 'AKID1', secret: 'hidden' },
    after: { keys: 'AKID1', secret: 'shown to the operator' },
    result: 'done',
  });
  const core = fakeOperations().on('journal.list', ({ filter }) => ({
    total: filter?.journalId ? 1 : 2,
    rows: filter?.journalId ? [unlock] : [unlock, reveal],
  }));
  renderConsole(core, journal);
  expect(await screen.findByRole('row', { name: /Reveal secret/ })).toHaveTextContent(
    'Secret key: hidden → shown to the operator',
  );
  const row = screen.getByRole('row', { name: /Unlock production cluster/ });
  expect(row).toHaveTextContent('Writing: locked → unlocked until 2026-11-21 12:18:20 UTC');
  expect(row).toHaveTextContent('Done');
  await userEvent.click(row);
  expect(await screen.findByRole('link', { name: 'Rack 7' })).toHaveAttribute(
    'href',
    '/connections/rack-7',
  );
  expect(screen.queryByRole('button', { name: 'Check again' })).toBeNull();
});

const inverse = {
  operation: 'users.enable',
  title: 'Enable user',
  input: { userId: '0000000000000005' },
} as const;

test('a run is one row, which opens with how its entries ended and leads to the run', async () => {
  const run = {
    title: 'Set quota to 100 GB, users',
    entries: 3,
    results: { verified: 2, refused: 1 },
  };
  const core = fakeOperations().on('journal.list', ({ filter, folded }) =>
    filter?.runId && !folded
      ? { total: 3, rows: [1, 2, 3].map((n) => fakeEntry({ journalId: `e-${n}`, runId: 'r1' })) }
      : { total: 1, rows: [fakeEntry({ runId: 'r1', run })] },
  );
  const view = renderConsole(core, journal);
  const row = await screen.findByRole('row', { name: /Set quota to 100 GB, users/ });
  expect(row).toHaveTextContent('3 entries');
  expect(row).toHaveTextContent('1 refused, 2 verified');
  expect(core.inputsOf('journal.list')[0]).toMatchObject({ folded: true });
  await userEvent.click(row);
  expect(view.address()).toBe(`${journal}?open=run-r1`);
  expect(await screen.findByRole('link', { name: 'Open the run' })).toHaveAttribute(
    'href',
    '/c/rack-7/changes/run/r1',
  );
  expect(await screen.findAllByRole('link', { name: /^Disable user: user-000005/ })).toHaveLength(
    3,
  );
});

test('an entry is reversed in a previewed dialog that says what was before, and what changed since', async () => {
  const core = fakeOperations()
    .on('journal.list', () => ({ total: 1, rows: [fakeEntry({ inverse })] }))
    .on('operations.catalogue', () => [
      { operation: 'users.enable', title: 'Enable user', destructive: false },
    ])
    .on('operations.preview', () =>
      fakePreview({
        operation: 'users.enable',
        title: 'Enable user',
        destructive: false,
        fields: [
          { field: 'state', label: 'State', before: 'unknown', after: 'enabled', changed: true },
        ],
      }),
    );
  renderConsole(core, `${journal}?open=entry-1`);
  await userEvent.click(await screen.findByRole('button', { name: 'Reverse' }));
  const dialog = await screen.findByRole('dialog');
  await waitFor(() => expect(dialog).toHaveTextContent('State: enabled → disabled'));
  expect(dialog).toHaveTextContent('State is unknown; the entry left disabled.');
  expect(core.inputsOf('operations.preview')[0]).toMatchObject({
    operation: 'users.enable',
    input: { userId: '0000000000000005' },
  });
});

test('reversing says that the entry was made elsewhere, and what else it would set back', async () => {
  const endpoint = 'https://s3.old.example';
  const limits = {
    before: { opsGet: '100', opsPut: '10' },
    after: { opsGet: '200', opsPut: '10' },
  };
  const rows = [fakeEntry({ inverse, endpoint, ...limits })];
  const neighbour = {
    field: 'opsPut',
    label: 'Put',
    before: '50',
    after: '10',
    changed: true,
  } as const;
  const core = fakeOperations()
    .on('journal.list', () => ({ total: 1, rows }))
    .on('operations.preview', () => fakePreview({ fields: [neighbour] }));
  renderConsole(core, `${journal}?open=entry-1`);
  await userEvent.click(await screen.findByRole('button', { name: 'Reverse' }));
  const dialog = await screen.findByRole('dialog');
  await waitFor(() => expect(dialog).toHaveTextContent('was made at https://s3.old.example'));
  expect(dialog).toHaveTextContent('Changed again since this entry');
});

test('an entry that nothing brings back offers no way back', async () => {
  renderConsole(fakeOperations(), `${journal}?open=entry-1`);
  expect(await screen.findByText(/^POST https:\/\/s3\.rack7/)).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Reverse' })).toBeNull();
});

test.each([
  ['users.disable', true],
  ['pressure.raise', false],
  ['archive.decide', false],
])('whether an open entry of %s can be checked again: %s', async (operation, can) => {
  const open = { ...fakeEntry(), operation, result: 'open' as const };
  const core = fakeOperations().on('journal.list', () => ({ total: 1, rows: [open] }));
  renderConsole(core, `${journal}?open=entry-1`);
  expect(await screen.findByText(/^POST https:\/\/s3\.rack7/)).toBeVisible();
  expect(screen.queryAllByRole('button', { name: 'Check again' })).toHaveLength(can ? 1 : 0);
});

test('narrows by operator and by days of the operator’s own clock', async () => {
  const core = fakeOperations();
  renderConsole(core, `${journal}?operator=ada&since=2026-11-01..2026-11-07`);
  await waitFor(() =>
    expect(core.inputsOf('journal.list').map(({ filter }) => filter)).toContainEqual({
      operator: 'ada',
      from: new Date(2026, 10, 1).toISOString(),
      to: new Date(new Date(2026, 10, 8).getTime() - 1).toISOString(),
    }),
  );
  expect(await screen.findByText('Period: 1 Nov 2026 to 7 Nov 2026')).toBeVisible();
  expect(screen.getByText('Operator: ada')).toBeVisible();
});

test('lists the journals of all clusters, names what can’t be read, and opens a row on its own cluster', async () => {
  const core = fakeOperations().on('journal.everywhere', () => ({
    total: 1,
    rows: [{ ...fakeEntry({ connectionName: 'Rack 9' }), connectionId: 'rack-7' }],
    unread: [{ connectionId: 'rack-8', connectionName: 'Rack 8', reason: 'The file is damaged.' }],
  }));
  const view = renderConsole(core, journal);
  await userEvent.click(await screen.findByRole('switch', { name: 'All clusters' }));
  const row = await screen.findByRole('row', { name: /Rack 9/ });
  expect(screen.getByRole('alert')).toHaveTextContent('The journal of Rack 8 is not included.');
  await userEvent.click(row);
  expect(view.address()).toBe(`${journal}?clusters=all&open=rack-7%2Fentry-1`);
  expect(await screen.findByText(/^POST https:\/\/s3\.rack7/)).toBeVisible();
  expect(core.inputsOf('journal.everywhere')[0]).not.toHaveProperty('connectionId');
});

test('of a cluster that was never read it is as empty as it is: it is the console’s own', async () => {
  const core = fakeOperations()
    .on('journal.list', () => ({ total: 0, rows: [] }))
    .on('sync.status', () => fakeStatus({ state: 'never', asOf: null, users: 0, buckets: 0 }));
  renderConsole(core, journal);
  expect(await screen.findByText('Nothing was changed yet')).toBeVisible();
  expect(screen.queryByText(/Users and buckets/)).toBeNull();
});
