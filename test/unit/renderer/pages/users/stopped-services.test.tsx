import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fakeCluster, fakeUserDetail } from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../../render-console.tsx';

const { userId } = fakeUserDetail(1);

const service = (serviceId: string, status: string, suspensionReason: string | null = null) => ({
  ...{ serviceId, externalId: `2000${serviceId}`, productName: 'Silver', status },
  suspensionReason,
});

function open(state: 'enabled' | 'disabled', services: ReturnType<typeof service>[]) {
  const core = fakeCluster()
    .on('users.get', () => ({ ...fakeUserDetail(1), state }))
    .on('customers.ofUser', () => [{ customerId: '7', name: 'Example Ltd', email: '', services }]);
  renderConsole(core, `/c/rack-7/users/${userId}`);
}

const note = async (title: string) =>
  within((await screen.findByText(title)).closest('[role=status]') as HTMLElement);

test('an enabled user of a suspended service says so, why, whose it is and what to do', async () => {
  open('enabled', [service('1', 'Suspended', 'Overdue on payment')]);
  const said = await note('Enabled, though its service is not active');
  expect(said.getByRole('listitem')).toHaveTextContent(
    'Silver #20001 of Example Ltd is suspended in the billing system: Overdue on payment.',
  );
  expect(said.getByRole('link', { name: 'Example Ltd' })).toHaveAttribute(
    'href',
    expect.stringMatching(/customers\/7$/),
  );
  expect(said.getByRole('link', { name: 'Mismatches' })).toHaveAttribute(
    'href',
    expect.stringMatching(/customers\/checks$/),
  );
});

test('a user that has another service, which is active, is not to be disabled', async () => {
  open('enabled', [service('1', 'Terminated'), service('2', 'Active')]);
  const said = await note('Enabled, though its service is not active');
  expect(said.getByText('The user is mapped to another service, which is active.')).toBeVisible();
  expect(said.queryByRole('link', { name: 'Mismatches' })).toBeNull();
});

test('a disabled user of a suspended service is as it should be, and says why', async () => {
  open('disabled', [service('1', 'Suspended')]);
  const said = await note('Its service is not active');
  expect(said.queryByRole('link', { name: 'Mismatches' })).toBeNull();
});

test('a user of an active service says nothing of it', async () => {
  open('enabled', [service('1', 'Active')]);
  expect(await screen.findByRole('link', { name: 'Example Ltd' })).toBeVisible();
  expect(screen.queryByText(/its service is not active/i)).toBeNull();
});
