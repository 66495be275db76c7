import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { openEditQuota, readQuota } from '#renderer/changes/limits/edit-quota.tsx';
import { fakeUser } from '#test/fakes/fake-cluster.ts';
import { fakeOperations, fakePreview } from '#test/fakes/fake-operations.ts';
import { fill } from '../../fill.ts';
import { renderDialogs } from '../operation/render-operation.tsx';

test.each([
  ['', /Enter/],
  ['12.5', /whole number/],
  ['-1', /without a minus/],
  ['1,5', /whole number of GB/],
  ['1,5 GiB', /can't be converted to GB/],
  ['1.000', /can mean 1000 or 1.0000/],
  ['0', /select "0 GB"/],
  ['9007199254740993', /at most 9007199254740992 GB/],
])('"%s" is no quota', (text, why) => {
  expect(readQuota(text).error).toMatch(why);
});

test('a quota up to 2^53 is one, to the last digit', () => {
  expect(readQuota('9007199254740992')).toEqual({ value: '9007199254740992' });
});

test('a quota is taken in GB or TB, grouped as people group it', () => {
  expect(readQuota('5 TB')).toEqual({ value: '5000' });
  expect(readQuota('1 500')).toEqual({ value: '1500' });
});

test('not set, 0 GB and a size are three different requests', async () => {
  const core = fakeOperations().on('operations.preview', ({ operation }) =>
    fakePreview({ operation, title: 'Set quota', destructive: false, impact: null }),
  );
  renderDialogs(core);
  openEditQuota({ user: '0000000000000005' }, { set: true, sizeGb: 500 });
  expect(await screen.findByLabelText('Quota in GB')).toHaveValue('500');
  const asked = () => {
    const { operation, input } = core.inputsOf('operations.preview').at(-1) ?? {};
    return { operation, input };
  };
  const target = { user: '0000000000000005' };
  await waitFor(() =>
    expect(asked()).toEqual({ operation: 'quotas.set', input: { target, sizeGb: '500' } }),
  );
  await userEvent.click(screen.getByLabelText('0 GB'));
  expect(
    screen.getAllByText(
      'The vendor’s guide does not say what 0 means; older references say unlimited.',
    ),
  ).toHaveLength(1);
  await waitFor(() =>
    expect(asked()).toEqual({ operation: 'quotas.set', input: { target, sizeGb: '0' } }),
  );
  await userEvent.click(screen.getByLabelText('Not set'));
  await waitFor(() => expect(asked()).toEqual({ operation: 'quotas.clear', input: { target } }));
});

test('a prepared quota is typed in already; +10 % changes the quota there is', async () => {
  renderDialogs(fakeOperations());
  openEditQuota({ user: '0000000000000005' }, { set: true, sizeGb: 500 }, false, '800');
  const field = await screen.findByLabelText('Quota in GB');
  expect(field).toHaveValue('800');
  await userEvent.clear(field);
  await userEvent.type(field, '+10 %');
  expect(field).toHaveAccessibleDescription(/as 550 GB/);
});

test('a change that ends wants a reason, and is sent with its end', async () => {
  const user = userEvent.setup();
  // a day of the operator's own time zone
  vi.stubEnv('TZ', 'America/New_York');
  const midnight = new Date();
  midnight.setHours(0, 0, 0, 0);
  midnight.setDate(midnight.getDate() + 7);
  const until = midnight.toISOString();
  expect(until).not.toMatch(/T00:/);
  const core = fakeOperations()
    .on('operations.preview', () =>
      fakePreview({
        operation: 'quotas.set',
        title: 'Set quota',
        destructive: false,
        impact: null,
      }),
    )
    .on('pressure.raise', () => ({
      ...{ raiseId: '00000000-0000-4000-8000-000000000001', until },
      ...{ verified: true, sent: true, journalId: 'entry-1', requestId: null },
    }));
  renderDialogs(core);
  openEditQuota({ user: '0000000000000005' }, { set: true, sizeGb: 500 });
  await user.click(await screen.findByLabelText('Only until a day, then put back'));
  await user.clear(screen.getByLabelText('Quota in GB'));
  await user.type(screen.getByLabelText('Quota in GB'), '800');
  const send = screen.getByRole('button', { name: 'Set quota' });
  await waitFor(() =>
    expect(core.inputsOf('operations.preview').at(-1)?.input).toMatchObject({ sizeGb: '800' }),
  );
  expect(send).toBeDisabled();
  await fill(screen.getByLabelText(/^Reason(?! \()/), 'Migration');
  await waitFor(() => expect(send).toBeEnabled());
  await user.click(send);
  await waitFor(() =>
    expect(core.inputsOf('pressure.raise')).toEqual([
      {
        ...{ connectionId: 'rack-7', target: { user: '0000000000000005' }, reason: 'Migration' },
        ...{ change: { sizeGb: '800' }, until, expected: 'seen-state-1' },
      },
    ]),
  );
  expect(core.inputsOf('quotas.set')).toEqual([]);
});

afterEach(() => void vi.unstubAllEnvs());

test.each([
  ['+10 %', '1100'],
  ['-25%', '750'],
  ['+0,1 %', '1001'],
  ['+5 TB', '6000'],
  ['\u2212400', '600'],
  ['5 TB', '5000'],
])('%s of a quota of 1000 GB is %s GB', (text, value) => {
  expect(readQuota(text, '1000')).toEqual({ value });
});

test.each([
  ['+10 %', null, /no value that "\+10 %" could change/],
  ['-1 TB', '10', /less than nothing/],
  ['-100 %', '10', /select "0 GB"/],
  ['+1 %', '9007199254740992', /at most/],
])('%s of %s GB is no quota', (text, current, why) => {
  expect(readQuota(text, current).error).toMatch(why);
});

test('names its target, shows the use now, takes a change of the quota and has the focus in its field', async () => {
  const core = fakeOperations()
    .on('users.list', () => ({
      ...{ total: 1, asOf: null },
      rows: [{ ...fakeUser(5), currentBytes: 250_000_000_000 }],
    }))
    .on('operations.preview', ({ operation }) =>
      fakePreview({ operation, title: 'Set quota', destructive: false, impact: null }),
    );
  renderDialogs(core);
  openEditQuota({ user: fakeUser(5).userId }, { set: true, sizeGb: 500 });
  const field = await screen.findByLabelText('Quota in GB');
  await waitFor(() => expect(field).toHaveFocus());
  expect(await screen.findByText('50 %')).toBeVisible();
  expect(screen.getByText(/^Stores/)).toHaveTextContent('Stores 232.8 GiB');
  // what is typed takes the place of what is there
  await userEvent.keyboard('+10 %');
  expect(await screen.findByText('Sent to the gateway as 550 GB.')).toBeVisible();
  await waitFor(() =>
    expect(core.inputsOf('operations.preview').at(-1)?.input).toMatchObject({ sizeGb: '550' }),
  );
});
