import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { fakeAsOf, fakeBucket, fakeCluster } from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../../render-console.tsx';

const owner = '0000000000000003';

test('narrows to one owner, named by e-mail, by the address', async () => {
  const core = fakeCluster();
  renderConsole(core, `/c/rack-7/buckets?owner=${owner}`);
  await screen.findByRole('button', { name: 'Remove filter Owner: user-000003@example.com' });
  // but for the one that counts all
  const asked = core.inputsOf('buckets.list').filter(({ ownerId }) => ownerId !== owner);
  expect(asked).toHaveLength(1);
});

test('shows a bucket with exact figures past 2^53, from when they are, and its owner', async () => {
  const view = renderConsole(fakeCluster(), '/c/rack-7/buckets');
  await userEvent.click(await screen.findByText('bucket-3'));
  const panel = await screen.findByRole('complementary', { name: 'Details of the bucket' });
  expect(await within(panel).findByText('9,007,199,254,740,993')).toBeVisible();
  expect(within(panel).getAllByText('32.0').length).toBeGreaterThan(0);
  expect(within(panel).getByText(/As last seen/)).toBeVisible();
  await userEvent.click(within(panel).getByRole('link', { name: 'user-000003@example.com' }));
  expect(view.address()).toBe(`/c/rack-7/users/${owner}`);
});

test('says that there is no such bucket', async () => {
  const core = fakeCluster().on('buckets.get', () => {
    throw new AppError({ code: 'NOT_FOUND', message: 'No such bucket.', hint: 'Refresh.' });
  });
  renderConsole(core, '/c/rack-7/buckets/gone');
  expect(await screen.findByText('No such bucket')).toBeVisible();
  expect(screen.getByText('gone')).toBeVisible();
});

test('names an owner without an e-mail by its id, in the list and in the details', async () => {
  const nameless = { ...fakeBucket(3), ownerEmail: '' };
  const core = fakeCluster()
    .on('buckets.list', () => ({ total: 1, rows: [nameless], asOf: fakeAsOf }))
    .on('buckets.get', () => ({ ...nameless, asOf: fakeAsOf, source: 'gateway' }));
  renderConsole(core, '/c/rack-7/buckets');
  expect(await screen.findByRole('link', { name: owner })).toBeVisible();
  await userEvent.click(screen.getByText('bucket-3'));
  const panel = await screen.findByRole('complementary', { name: 'Details of the bucket' });
  expect(await within(panel).findByRole('link', { name: owner })).toBeVisible();
});

test('finds several buckets by pasted names, and says which do not exist', async () => {
  const core = fakeCluster().on('buckets.several', () => ({
    rows: [fakeBucket(3)],
    missing: ['gone'],
    asOf: fakeAsOf,
  }));
  const view = renderConsole(core, '/c/rack-7/buckets');
  await userEvent.click(await screen.findByRole('button', { name: 'Find several' }));
  const dialog = await screen.findByRole('dialog');
  await userEvent.click(within(dialog).getByLabelText('Bucket names'));
  await userEvent.paste('bucket-3, gone\ngone\n');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Find 2 buckets' }));
  expect(await within(dialog).findByText(/1 name without a bucket/)).toHaveTextContent('gone');
  expect(core.inputsOf('buckets.several')).toEqual([
    { connectionId: 'rack-7', names: ['bucket-3', 'gone'] },
  ]);
  expect(within(dialog).getByRole('link', { name: 'user-000003@example.com' })).toBeVisible();
  await userEvent.click(within(dialog).getByRole('link', { name: 'bucket-3' }));
  expect(view.address()).toBe('/c/rack-7/buckets/bucket-3');
});
