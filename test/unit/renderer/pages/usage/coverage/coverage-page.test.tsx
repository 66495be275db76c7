import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import {
  fakeCoverage,
  fakeGapSummary,
  fakeObjectName,
  fakePayers,
  fakeSummary,
  fakeUsage,
  fakeUsageObject,
} from '#test/fakes/fake-usage.ts';
import { fill } from '../../../fill.ts';
import { renderConsole } from '../../../render-console.tsx';

const address = '/c/rack-7/usage/coverage?period=custom&from=2026-10-01&to=2026-10-03';

test('tells how complete the archive is, and never speaks of final with gaps', async () => {
  const core = fakeUsage().on('usage.coverage', () =>
    fakeCoverage({ 5: 'missing' }, fakeGapSummary),
  );
  const back = '/c/rack-7/customers/offboarding/b1';
  renderConsole(core, `${address}${address.includes('?') ? '&' : '?'}back=${back}`);
  // whoever came from a cancellation finds the way back to it
  expect(await screen.findByRole('link', { name: 'Back to cancellation' })).toHaveAttribute(
    'href',
    back,
  );
  const summary = await screen.findByRole('region', { name: 'How complete' });
  expect(within(summary).getByText('Not complete')).toBeVisible();
  expect(summary).toHaveTextContent('1,485 of 1,488 gateway hours (99.7 %)');
  expect(summary).toHaveTextContent('not final');
  expect(summary).not.toHaveTextContent('are final');
  const gaps = screen.getByRole('grid', { name: 'Gaps' });
  expect(await within(gaps).findByText('Missing')).toBeVisible();
});

test('the arrow keys select a cell and say what it is', async () => {
  const core = fakeUsage().on('usage.coverage', () =>
    fakeCoverage({ 1: 'missing' }, fakeGapSummary),
  );
  renderConsole(core, address);
  const map = await screen.findByRole('group', { name: /Coverage of 2 gateway services/ });
  map.focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  expect(screen.getByText(/8000000000000065 · .* · missing/, { selector: 'p' })).toBeVisible();
  await userEvent.keyboard('{ArrowDown}');
  expect(screen.getByText(/8000000000000066 · .* · collected/, { selector: 'p' })).toBeVisible();
});

test('a conflict is opened side by side and settled', async () => {
  const digest = 'b'.repeat(64);
  const core = fakeUsage()
    .on('usage.coverage', () => fakeCoverage({ 0: 'conflicting' }, fakeGapSummary))
    .on('usage.conflicts', () => [
      {
        name: fakeObjectName,
        digest,
        bytes: 2050,
        foundAt: '2026-10-02T00:00:00.000Z',
        resolution: null,
        resolvedAt: null,
        serviceId: '8000000000000065',
        startAt: '2026-10-01T00:00:00.000Z',
      },
    ])
    .on('usage.object', (input) => fakeUsageObject(input.digest === digest ? 99 : 12_300))
    .on('usage.resolveConflict', () => null);
  renderConsole(core, address);
  await userEvent.click(await screen.findByText('Conflicts, 1'));
  await userEvent.click(screen.getByRole('button', { name: 'Compare' }));
  const dialog = await screen.findByRole('dialog');
  expect(await within(dialog).findByText('12,300')).toBeVisible();
  expect(within(dialog).getByText('99')).toBeVisible();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Count the later one' }));
  await waitFor(() =>
    expect(core.inputsOf('usage.resolveConflict')).toEqual([
      { connectionId: 'rack-7', name: fakeObjectName, digest, take: 'variant' },
    ]),
  );
});

test('a gap is accepted as silent, with a reason', async () => {
  const core = fakeUsage()
    .on('usage.coverage', () => fakeCoverage({ 5: 'missing', 9: 'missing' }, fakeGapSummary))
    .on('usage.acceptGaps', () => ({ hours: 1 }));
  renderConsole(core, address);
  const grid = await screen.findByRole('grid', { name: 'Gaps' });
  const [accept] = await within(grid).findAllByRole('button', { name: 'Accept as silent' });
  if (accept) await userEvent.click(accept);
  const dialog = await screen.findByRole('dialog');
  expect(dialog).toHaveTextContent('8000000000000065');
  const button = within(dialog).getByRole('button', { name: 'Accept 1 gateway hour' });
  await userEvent.click(button);
  expect(core.inputsOf('usage.acceptGaps')).toEqual([]);
  await fill(within(dialog).getByLabelText(/Reason/), 'Down for maintenance');
  await userEvent.click(button);
  await waitFor(() =>
    expect(core.inputsOf('usage.acceptGaps')).toEqual([
      {
        connectionId: 'rack-7',
        gaps: [
          {
            serviceId: '8000000000000065',
            from: '2026-10-01T05:00:00.000Z',
            to: '2026-10-01T06:00:00.000Z',
          },
        ],
        reason: 'Down for maintenance',
      },
    ]),
  );
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await userEvent.click(screen.getByRole('button', { name: 'Accept 2 gaps as silent' }));
  expect(await screen.findByRole('dialog')).toHaveTextContent('Accept 2 gateway hours as silent');
});

test('a decision on hours says first for whom it counts', async () => {
  const core = fakeUsage()
    .on('usage.coverage', () => fakeCoverage({ 5: 'missing', 9: 'missing' }, fakeGapSummary))
    .on('statements.payers', () => fakePayers({ users: 300, customers: 236, issued: 12 }));
  renderConsole(core, address);
  await userEvent.click(await screen.findByRole('button', { name: 'Accept 2 gaps as silent' }));
  const dialog = await screen.findByRole('dialog');
  expect(
    await within(dialog).findByText(
      /all 1,000 users change with it; 300 of them belong to 236 customers\./,
    ),
  ).toBeVisible();
  expect(dialog).toHaveTextContent('This counts for everybody on Rack 7');
  expect(dialog).toHaveTextContent('Statements of 12 customers that are issued for this time');
  expect(core.inputsOf('statements.payers')).toEqual([
    {
      connectionId: 'rack-7',
      from: '2026-10-01T05:00:00.000Z',
      to: '2026-10-01T10:00:00.000Z',
    },
  ]);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Cancel' }));
  await userEvent.click(screen.getByRole('button', { name: 'Retired or idle service' }));
  expect(await screen.findByText(/300 of them belong to 236 customers/)).toBeVisible();
});

test('what was accepted is distinguished, with who and why, and taken back', async () => {
  const accepted = {
    acceptanceId: '7',
    kind: 'gap' as const,
    wroteAt: null,
    serviceId: '8000000000000065',
    from: '2026-10-01T05:00:00.000Z',
    to: '2026-10-01T06:00:00.000Z',
    hours: 1,
    reason: 'Down for maintenance',
    operator: 'ada',
    acceptedAt: '2026-11-21T12:00:00.000Z',
  };
  const summary = fakeSummary({ coveredHours: 1487, silentHours: 1, accepted: [accepted] });
  const core = fakeUsage()
    .on('usage.coverage', () => fakeCoverage({ 5: 'silent' }, summary))
    .on('usage.withdrawGaps', () => null);
  renderConsole(core, address);
  const region = await screen.findByRole('region', { name: 'How complete' });
  expect(region).toHaveTextContent('1 accepted as silent. These figures are final.');
  expect(screen.getByRole('list', { name: 'Hours of each state' })).toHaveTextContent(
    'Accepted as silent1 h',
  );
  await userEvent.click(await screen.findByText('Accepted, 1'));
  const table = screen.getByRole('table', { name: 'Accepted as silent' });
  expect(table).toHaveTextContent('Down for maintenance');
  expect(table).toHaveTextContent('ada');
  await userEvent.click(within(table).getByRole('button', { name: 'Withdraw' }));
  const dialog = await screen.findByRole('dialog');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Withdraw acceptance' }));
  await waitFor(() =>
    expect(core.inputsOf('usage.withdrawGaps')).toEqual([
      { connectionId: 'rack-7', acceptanceIds: ['7'] },
    ]),
  );
});

test('states once that a service is retired, from where it last wrote', async () => {
  const core = fakeUsage()
    .on('usage.coverage', () => fakeCoverage({ 46: 'missing', 47: 'missing' }, fakeGapSummary))
    .on('usage.stateService', () => ({ hours: 2 }));
  renderConsole(core, address);
  await userEvent.click(await screen.findByRole('button', { name: 'Retired or idle service' }));
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).getByLabelText(/Since/)).toHaveValue('2026-10-02T22:00');
  await fill(within(dialog).getByLabelText(/Reason/), 'Rack removed');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Mark as retired' }));
  await waitFor(() =>
    expect(core.inputsOf('usage.stateService')).toEqual([
      {
        connectionId: 'rack-7',
        serviceId: '8000000000000065',
        kind: 'retired',
        since: '2026-10-02T22:00:00Z',
        reason: 'Rack removed',
      },
    ]),
  );
});

test('hours that are pending are grey, and missing ones red', async () => {
  const hours = (['missing', 'waiting', 'open'] as const).flatMap((state) => Array(8).fill(state));
  const core = fakeUsage().on('usage.coverage', () => fakeCoverage({ ...hours }, fakeGapSummary));
  renderConsole(core, address);
  const map = await screen.findByRole('group', { name: /Coverage of 2 gateway services/ });
  const drawn = [...map.querySelectorAll('rect')].map((cell) => cell.getAttribute('fill') ?? '');
  const colours = drawn.map((fill) => {
    const pattern = /^url\((#.+)\)$/.exec(fill)?.[1];
    return pattern ? document.querySelector(`${pattern} rect`)?.getAttribute('fill') : fill;
  });
  const [red, grey] = ['#d55e00', '#c3c9d2'];
  expect(colours.slice(0, 3)).toEqual([red, grey, 'var(--oc-hairline)']);
});
