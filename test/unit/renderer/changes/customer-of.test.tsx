import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import {
  fakeBucket,
  fakeCluster,
  fakeStatus,
  offlineConnection,
} from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../render-console.tsx';

const { name, ownerId } = fakeBucket(3);
const having = [
  { customerId: '7', name: 'Example Ltd', email: '', services: [] },
  { customerId: '9', name: 'Other Ltd', email: '', services: [] },
];

const pages = { user: `users/${ownerId}`, bucket: `buckets/${name}` } as const;

test.each(['user', 'bucket'] as const)(
  'the page of a %s names its customer, and leads there',
  async (what) => {
    const core = fakeCluster().on('customers.ofUser', ({ userId }) =>
      userId === ownerId ? having : [],
    );
    const view = renderConsole(core, `/c/rack-7/${pages[what]}`);
    expect(await screen.findByRole('link', { name: 'Other Ltd' })).toHaveAttribute(
      'href',
      '/c/rack-7/customers/9',
    );
    await userEvent.click(screen.getByRole('link', { name: 'Example Ltd' }));
    expect(view.address()).toBe('/c/rack-7/customers/7');
  },
);

test.each(['user', 'bucket'] as const)(
  'the page of a %s names its customer offline too',
  async (what) => {
    const core = fakeCluster(1000, offlineConnection())
      .on('sync.status', () => fakeStatus({ state: 'offline' }))
      .on('customers.ofUser', () => having);
    renderConsole(core, `/c/rack-7/${pages[what]}`);
    expect(await screen.findByRole('link', { name: 'Example Ltd' })).toBeVisible();
    expect((await screen.findAllByText('Offline')).length).toBeGreaterThan(0);
  },
);

test.each(['user', 'bucket'] as const)('the page of a %s of nobody names none', async (what) => {
  const core = fakeCluster().on('customers.ofUser', () => []);
  renderConsole(core, `/c/rack-7/${pages[what]}`);
  await screen.findAllByText(what === 'user' ? ownerId : name);
  expect(screen.queryByText('Customer')).toBeNull();
});
