import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { daysWords, signedBytes } from '#renderer/pages/usage/storage/storage-facts.tsx';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeAsOf } from '#test/fakes/fake-cluster.ts';
import { fakeUsage } from '#test/fakes/fake-usage.ts';
import { renderConsole } from '../../../render-console.tsx';

const history: CallOutput<'storage.history'> = {
  points: [
    { at: '2026-11-01T00:00:00.000Z', bytes: 1_073_741_824 },
    { at: '2026-11-21T00:00:00.000Z', bytes: 2_147_483_648 },
  ],
  firstBytes: 1_073_741_824,
  lastBytes: 2_147_483_648,
  growthBytes: 1_073_741_824,
  bytesPerDay: 53_687_091.2,
  byteHours: '773094113280',
  gibHours: '720.000',
  density: {
    samples: 40,
    medianGapSeconds: 43_200,
    longestGapSeconds: 86_400,
    covered: 0.66,
    words: '40 samples, 12 h apart at the median, 24 h at the longest.',
  },
  daysToQuota: 12.4,
};

test('says growth, GiB-hours and how dense the samples are', async () => {
  const core = fakeUsage().on('storage.history', () => history);
  renderConsole(core, '/c/rack-7/usage/storage');
  const part = await screen.findByRole('region', { name: 'Size over time' });
  expect(await within(part).findByText('+1.00 GiB')).toBeVisible();
  expect(part).toHaveTextContent('GiB-hours720');
  expect(part).toHaveTextContent('40 samples, 12 h apart at the median');
  expect(part).toHaveTextContent('cover 66 % of the period');
});

test('GiB-hours that no two samples bound are not known, not 0', async () => {
  const density = { ...history.density, samples: 0, covered: 0, words: 'No sizes were recorded.' };
  const core = fakeUsage().on('storage.history', () => ({
    ...history,
    byteHours: null,
    gibHours: null,
    density,
  }));
  renderConsole(core, '/c/rack-7/usage/storage');
  const part = await screen.findByRole('region', { name: 'Size over time' });
  expect(await within(part).findByText('+1.00 GiB')).toBeVisible();
  expect(part).toHaveTextContent('GiB-hoursnot known');
});

test('a user with a quota has days left to it', async () => {
  const core = fakeUsage()
    .on('storage.history', () => history)
    .on('quotas.get', () => ({ set: true, sizeGb: 3, asOf: fakeAsOf, source: 'gateway' }));
  renderConsole(core, '/c/rack-7/usage/storage?user=0000000000000001');
  expect(await screen.findByText('12 days to 3 GB')).toBeVisible();
  expect(core.inputsOf('storage.history').at(-1)).toMatchObject({
    target: { user: '0000000000000001' },
    quotaGb: '3',
  });
});

test('a user is chosen from the largest', async () => {
  const core = fakeUsage()
    .on('storage.history', () => history)
    .on('quotas.get', () => ({ set: false, sizeGb: null, asOf: fakeAsOf, source: 'gateway' }));
  const view = renderConsole(core, '/c/rack-7/usage/storage');
  const grid = await screen.findByRole('grid', { name: 'Users by size' });
  await userEvent.click(await within(grid).findByText('user-000999@example.com'));
  expect(view.address()).toContain('user=00000000000003e7');
  expect(await screen.findByText('no quota is set')).toBeVisible();
});

test('without samples says where they come from', async () => {
  const core = fakeUsage().on('storage.history', () => ({ ...history, points: [] }));
  renderConsole(core, '/c/rack-7/usage/storage');
  expect(await screen.findByText('No sizes recorded in this period')).toBeVisible();
});

test('figures in words', () => {
  expect([0.2, 1, 12.4, 100, 1000].map(daysWords)).toEqual([
    'less than a day',
    '1 day',
    '12 days',
    '3 months',
    'more than two years',
  ]);
  expect(signedBytes(-1024n)).toBe('−1.00 KiB');
  expect(signedBytes(0n)).toBe('no change');
});
