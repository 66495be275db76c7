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
  stored: [{ from: '2026-11-01T00:00:00.000Z', quantity: '2783138807808000000' }],
  byteHours: '773094113280',
  density: {
    samples: 40,
    medianGapSeconds: 43_200,
    longestGapSeconds: 86_400,
    covered: 0.66,
    words: '40 samples, 12 h apart at the median, 24 h at the longest.',
  },
  daysToQuota: 12.4,
};

test('says growth, what a bill counts and how dense the samples are', async () => {
  const core = fakeUsage().on('storage.history', () => history);
  renderConsole(core, '/c/rack-7/usage/storage');
  const part = await screen.findByRole('region', { name: 'Size over time' });
  expect(await within(part).findByText('+1.00 GiB')).toBeVisible();
  // the last sample is not said to be of now, nor the line through all samples a mean
  expect(part).toHaveTextContent(/Last sample2\.00 GiB, .+ago/);
  expect(part).toHaveTextContent('Trend+51.2 MiB a day, by all samples');
  // 1 GiB in the 20 days from the first sample to the last
  expect(part).toHaveTextContent('Change in the period+1.00 GiB, on average +51.2 MiB a day');
  expect(within(part).getByRole('button', { name: 'What is “Trend”?' })).toBeVisible();
  // 720 GiB-hours in a month of 720 hours
  expect(part).toHaveTextContent('Stored, GB-month1.073741');
  expect(within(part).getByText('1.073741').dataset.hint).toBe(
    '773,094,113,280 byte-hours · 1 GB is 1,000,000,000 bytes, since no tariff says otherwise',
  );
  expect(part).toHaveTextContent('40 samples, 12 h apart at the median');
  expect(part).toHaveTextContent('cover 66 % of the period');
});

test('growth that was uneven has an average that is the change divided by its days', async () => {
  const [first, last] = [
    { at: '2026-10-29T11:00:00.000Z', bytes: 0 },
    { at: '2026-11-28T11:00:00.000Z', bytes: 129_385_889_792 },
  ];
  const core = fakeUsage().on('storage.history', () => ({
    ...{ ...history, points: [first, last], firstBytes: first.bytes, lastBytes: last.bytes },
    ...{ growthBytes: last.bytes, bytesPerDay: 3_704_409_292.8 },
  }));
  renderConsole(core, '/c/rack-7/usage/storage');
  const part = await screen.findByRole('region', { name: 'Size over time' });
  expect(await within(part).findByText('+120.5 GiB')).toBeVisible();
  // the two figures differ, and each says what it is over
  expect(part).toHaveTextContent('+120.5 GiB, on average +4.02 GiB a day');
  expect(part).toHaveTextContent('Trend+3.45 GiB a day, by all samples');
});

test('what no two samples bound is not known, not 0', async () => {
  const density = { ...history.density, samples: 0, covered: 0, words: 'No sizes were recorded.' };
  const core = fakeUsage().on('storage.history', () => ({
    ...history,
    stored: null,
    byteHours: null,
    density,
  }));
  renderConsole(core, '/c/rack-7/usage/storage');
  const part = await screen.findByRole('region', { name: 'Size over time' });
  expect(await within(part).findByText('+1.00 GiB')).toBeVisible();
  expect(part).toHaveTextContent('Stored, GB-monthnot known');
});

test('a user with a quota has days left to it', async () => {
  const core = fakeUsage()
    .on('storage.history', () => history)
    .on('quotas.get', () => ({ set: true, sizeGb: 3, asOf: fakeAsOf, source: 'gateway' }));
  renderConsole(core, '/c/rack-7/usage/storage?user=0000000000000001');
  expect(await screen.findByText('12 days to 3 GB, by the trend')).toBeVisible();
  expect(core.inputsOf('storage.history').at(-1)).toMatchObject({
    target: { user: '0000000000000001' },
    quotaGb: '3',
  });
});

const october = 'period=custom&from=2026-10-01T00:00:00.000Z&to=2026-11-01T00:00:00.000Z';

/** The page that a line of a statement leads to. */
function addressOfLine(quantity: string): string {
  const line = [
    ...['stored', 'GB-month', 'decimal', '2026-10-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z'],
    ...[quantity, '0000000000000001'],
  ].join('~');
  const of = `user=0000000000000001&by=day&line=${encodeURIComponent(line)}`;
  return `/c/rack-7/usage/storage?${october}&${of}`;
}

test('days are in the unit of the tariff, with their sum', async () => {
  const core = fakeUsage().on('storage.history', () => history);
  renderConsole(core, `/c/rack-7/usage/storage?${october}&by=day`);
  const days = await screen.findByRole('grid', { name: 'Stored by day' });
  expect(await within(days).findByText('Stored, GB-month')).toBeVisible();
  const rows = await within(days).findAllByRole('row');
  expect(rows[1]).toHaveTextContent('3 Oct 2026, 00:00not knownnot knownnone');
  expect(rows.at(-1)).toHaveTextContent('Sum0.06451648,000,000,000');
});

test.each([
  ['172800000000000000', 'Adds up The sum of the days is exactly this.'],
  [
    '172800000000000001',
    'Differs The days now add up to 0.064516 GB-month (48,000,000,000 byte-hours): the archive changed after the statement was made.',
  ],
])(
  'a line of a statement shows its days in UTC and whether they add up to it: %s',
  async (quantity, words) => {
    const core = fakeUsage()
      .on('storage.history', () => history)
      .on('quotas.get', () => ({ set: false, sizeGb: null, asOf: fakeAsOf, source: 'gateway' }));
    renderConsole(core, addressOfLine(quantity));
    const note = await screen.findByRole('region', { name: 'Line of the statement' });
    expect(note).toHaveTextContent(
      'Line of the statement: Stored, 0.064516 GB-month (48,000,000,000 byte-hours), October 2026.',
    );
    expect(note).toHaveTextContent(
      'Days are UTC here, as on the bill; 1 GB is 1,000,000,000 bytes.',
    );
    expect(await within(note).findByText(/^(Adds up|Differs)$/)).toBeVisible();
    expect(note).toHaveTextContent(words);
    expect(core.inputsOf('storage.days')).not.toHaveLength(0);
    for (const input of core.inputsOf('storage.days')) expect(input).not.toHaveProperty('timeZone');
    expect(screen.queryByRole('radiogroup', { name: /Which clock/ })).toBeNull();
    // a day is another period than the line's, which is one click away
    const days = screen.getByRole('grid', { name: 'Stored by day' });
    await userEvent.click(await within(days).findByText('2 Oct 2026, 00:00'));
    await userEvent.click(
      await within(note).findByRole('link', { name: 'Show the days of the line' }),
    );
    expect(await within(note).findByText(/^(Adds up|Differs)$/)).toBeVisible();
  },
);

test('a user is selected from the largest', async () => {
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
