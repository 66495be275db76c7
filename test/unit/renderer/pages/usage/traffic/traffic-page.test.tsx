import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { usePreferences } from '#renderer/kit/stores/preferences.ts';
import {
  fakeArchive,
  fakeCounters,
  fakeGapSummary,
  fakeReportRow,
  fakeSummary,
  fakeUsage,
} from '#test/fakes/fake-usage.ts';
import { renderConsole } from '../../../render-console.tsx';

test('says who used most and that it is complete', async () => {
  renderConsole(fakeUsage(), '/c/rack-7/usage?period=custom&from=2026-10-01&to=2026-11-01');
  // a month is called by its name where it is one on the clock on screen
  act(() => usePreferences.setState({ clock: 'utc' }));
  const short = await screen.findByRole('region', { name: 'In short' });
  await waitFor(() =>
    expect(short).toHaveTextContent(
      /user-000001@example\.com used most in October 2026: 24\.0 PiB, 100 %/,
    ),
  );
  expect(within(short).getByText('Complete')).toBeVisible();
  expect(short).toHaveTextContent('All 1,488 gateway hours are archived.');
});

test('marks a user with an hour that no network can do', async () => {
  const core = fakeUsage();
  const hours = { ...fakeReportRow(), downloaded: 2 ** 53, uploaded: 0 };
  core.on('usage.report', ({ groupBy }) => ({
    ...{ total: 1, rows: [{ ...hours, ...(groupBy === 'hour' ? { userId: null } : {}) }] },
    ...{ totals: hours, coverage: fakeSummary() },
    ...{ from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' },
  }));
  renderConsole(core, '/c/rack-7/usage?period=custom&from=2026-10-01&to=2026-11-01');
  const short = await screen.findByRole('region', { name: 'In short' });
  expect(await within(short).findByText(/^One hour of it shows/)).toHaveTextContent(
    /8\.00 PiB, more than a network can do/,
  );
});

test('never calls a figure with gaps complete', async () => {
  const core = fakeUsage();
  core.on('usage.report', () => ({
    total: 0,
    rows: [],
    totals: { put: 1, get: 0, list: 0, other: 0, uploaded: 1, downloaded: 0 },
    coverage: fakeGapSummary,
    from: '2026-10-01T00:00:00.000Z',
    to: '2026-11-01T00:00:00.000Z',
  }));
  renderConsole(core, '/c/rack-7/usage');
  const short = await screen.findByRole('region', { name: 'In short' });
  expect(await within(short).findByText('Not complete')).toBeVisible();
  expect(within(short).queryByText('Complete')).toBeNull();
  expect(within(short).getByRole('link', { name: 'See what is missing' })).toBeVisible();
});

test('shows no zeros for a period of which no hour is on record', async () => {
  const none = { state: 'empty', final: false, expectedHours: 0, coveredHours: 0 } as const;
  const words = 'No statistics were collected for this period.';
  const core = fakeUsage().on('usage.report', () => ({
    total: 0,
    rows: [],
    totals: { put: 0, get: 0, list: 0, other: 0, uploaded: 0, downloaded: 0 },
    coverage: fakeSummary({ ...none, words }),
    from: '2026-10-01T00:00:00.000Z',
    to: '2026-11-01T00:00:00.000Z',
  }));
  renderConsole(core, '/c/rack-7/usage?period=custom&from=2026-10-01&to=2026-11-01');
  const short = await screen.findByRole('region', { name: 'In short' });
  expect(
    await within(short).findByText(/^Nothing is collected for .*: what was used is not known\.$/),
  ).toBeVisible();
  expect(within(short).queryByText('Out')).toBeNull();
});

test.each([
  [{ state: 'final', final: true }, /^There was no traffic in .*\d\.$/],
  [{ state: 'open', final: false }, /^There was no traffic in .* so far\.$/],
  [
    { state: 'gaps', final: false },
    /^There was no traffic in the hours of .* that are collected\.$/,
  ],
] as const)(
  'a period without traffic says of which hours that is known: %o',
  async (state, words) => {
    const none = { put: 0, get: 0, list: 0, other: 0, uploaded: 0, downloaded: 0 };
    const core = fakeUsage().on('usage.report', () => ({
      total: 0,
      rows: [],
      totals: none,
      coverage: fakeSummary(state),
      from: '2026-10-01T00:00:00.000Z',
      to: '2026-11-01T00:00:00.000Z',
    }));
    renderConsole(core, '/c/rack-7/usage?period=custom&from=2026-10-01&to=2026-11-01');
    const short = await screen.findByRole('region', { name: 'In short' });
    expect(await within(short).findByText(words)).toBeVisible();
  },
);

test('last month without traffic is not one of which nothing is collected', async () => {
  const core = fakeUsage().on('usage.report', () => ({
    total: 0,
    rows: [],
    totals: { put: 0, get: 0, list: 0, other: 0, uploaded: 0, downloaded: 0 },
    coverage: fakeSummary(),
    from: '2026-10-01T00:00:00.000Z',
    to: '2026-11-01T00:00:00.000Z',
  }));
  renderConsole(core, '/c/rack-7/usage?period=custom&from=2026-10-01&to=2026-11-01');
  const link = await screen.findByRole('link', { name: /^Last month,/ });
  await waitFor(() => expect(link.parentElement).toHaveTextContent(/: no traffic, complete\.$/));
});

test('says when the archive begins, where that is within the month', async () => {
  const core = fakeUsage().on('archive.status', () =>
    fakeArchive({ from: '2026-10-11T00:00:00.000Z' }),
  );
  renderConsole(core, '/c/rack-7/usage?period=custom&from=2026-10-01&to=2026-11-01');
  const short = await screen.findByRole('region', { name: 'In short' });
  await waitFor(() => expect(short).toHaveTextContent('what was used before is not counted'));
});

test('walks from the cluster to a user, a bucket, an object and its raw text', async () => {
  const core = fakeUsage();
  const view = renderConsole(core, '/c/rack-7/usage');
  const grid = await screen.findByRole('grid', { name: 'Usage by user' });
  await userEvent.click(await within(grid).findByText('user-000001@example.com'));
  expect(view.address()).toContain('user=0000000000000001');
  const buckets = await screen.findByRole('grid', { name: 'Usage by bucket' });
  expect(await within(buckets).findByText('epoch 98305')).toBeVisible();
  await userEvent.click(within(buckets).getByText('bucket-1'));
  expect(view.address()).toContain('epoch=98305');
  const objects = await screen.findByRole('grid', { name: /objects behind/ });
  await userEvent.click(await within(objects).findByText('8000000000000065'));
  const panel = await screen.findByRole('complementary', { name: /Details of the statistics/ });
  await userEvent.click(await within(panel).findByText('Raw'));
  expect(within(panel).getByText('{"fmt_version":1}')).toBeVisible();
  expect(core.inputsOf('usage.sources')[0]).toMatchObject({
    filter: { userId: '0000000000000001', bucket: 'bucket-1', epoch: '98305' },
  });
});

/** A day of the report, and the sums of all days, of which the page holds but one. */
const day = { ...fakeCounters, uploaded: 1_000_000_000, downloaded: 2_500_000_000 };

test('days have a row of sums, of all that matches', async () => {
  renderConsole(fakeUsage(), '/c/rack-7/usage?by=day&user=0000000000000001');
  const grid = await screen.findByRole('grid', { name: 'Usage by day' });
  await within(grid).findByText('Sum');
  expect(within(grid).getAllByRole('row').at(-1)).toHaveTextContent(
    'Sum24.0 PiB8.00 PiB16.0 PiB58,70112,30045,60078912',
  );
});

test('a line of a statement leads to its days, in UTC and in its unit', async () => {
  const core = fakeUsage().on('usage.report', ({ groupBy }) => ({
    total: 40,
    rows: [fakeReportRow({ key: 'day', at: '2026-10-01T00:00:00.000Z', ...day })],
    totals: groupBy === 'day' || groupBy === 'bucket' ? fakeCounters : day,
    coverage: fakeSummary(),
    from: '2026-10-01T00:00:00.000Z',
    to: '2026-11-01T00:00:00.000Z',
  }));
  const line = [
    ...['downloaded', 'GB', 'decimal', '2026-10-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z'],
    ...['18014398509481986', '0000000000000001'],
  ].join('~');
  const period = 'period=custom&from=2026-10-01T00:00:00.000Z&to=2026-11-01T00:00:00.000Z';
  const of = `user=0000000000000001&by=day&line=${encodeURIComponent(line)}`;
  const view = renderConsole(core, `/c/rack-7/usage?${period}&${of}`);
  act(() => usePreferences.setState({ clock: 'local' }));
  const note = await screen.findByRole('region', { name: 'Line of the statement' });
  expect(note).toHaveTextContent(
    'Line of the statement: Out, 18,014,398.509481 GB (18,014,398,509,481,986 bytes), October 2026.',
  );
  expect(await within(note).findByText('Adds up')).toBeVisible();
  const grid = screen.getByRole('grid', { name: 'Usage by day' });
  const rows = await within(grid).findAllByRole('row');
  expect(rows[0]).toHaveTextContent('DayOut, GBTraffic');
  expect(rows[1]).toHaveTextContent('1 Oct 2026, 00:002.500000');
  expect(rows.at(-1)).toHaveTextContent('Sum18,014,398.509481');
  // not the operator's clock, which the report follows elsewhere
  const days = core.inputsOf('usage.report').filter(({ groupBy }) => groupBy === 'day');
  for (const input of days) expect(input).not.toHaveProperty('timeZone');
  // one step deeper it is not the line's period anymore: it is one click away
  await userEvent.click(within(grid).getByText('1 Oct 2026, 00:00'));
  expect(view.address()).toContain('by=hour');
  await userEvent.click(
    await within(note).findByRole('link', { name: 'Show the days of the line' }),
  );
  expect(await within(note).findByText('Adds up')).toBeVisible();
  expect(view.address()).toContain('by=day');
});

test('where nothing was collected, says what to do here and at the gateway', async () => {
  const core = fakeUsage()
    .on('archive.status', () => fakeArchive({ from: null, to: null, objects: 0 }))
    .on('usage.collect', () => ({ taskId: 'task-1' }));
  renderConsole(core, '/c/rack-7/usage');
  expect(await screen.findByText('No statistics collected yet')).toBeVisible();
  expect(screen.getByText('S3_GW_COLLECT_STAT=1')).toBeVisible();
  await userEvent.click(screen.getByLabelText(/Delete from the gateway/));
  await userEvent.click(screen.getByRole('button', { name: 'Collect and delete' }));
  expect(core.inputsOf('usage.collect')).toEqual([
    { connectionId: 'rack-7', removeCollected: true },
  ]);
});

test('a damaged archive is reported, with the way out', async () => {
  const core = fakeUsage()
    .on('archive.status', () =>
      fakeArchive({
        state: 'damaged',
        from: null,
        to: null,
        error: {
          code: 'ARCHIVE_DAMAGED',
          message: 'The archive is damaged: row 5 is missing from the index.',
          hint: 'Restore the backup.',
          retryable: false,
        },
      }),
    )
    .on('archive.openReadOnly', () => null);
  renderConsole(core, '/c/rack-7/usage');
  expect(await screen.findByText(/row 5 is missing/)).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Read what can be read' }));
  expect(core.inputsOf('archive.openReadOnly')).toHaveLength(1);
});

test('figures of a damaged archive that was opened to read say so', async () => {
  const core = fakeUsage().on('archive.status', () =>
    fakeArchive({ state: 'damaged', readOnly: true }),
  );
  renderConsole(core, '/c/rack-7/usage');
  expect(await screen.findByText(/used most in/)).toBeVisible();
  expect(screen.getByText(/it may not be all, and nothing is collected/)).toBeVisible();
});
