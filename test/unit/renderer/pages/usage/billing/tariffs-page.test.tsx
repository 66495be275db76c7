import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeUsage } from '#test/fakes/fake-usage.ts';
import { renderConsole } from '../../../render-console.tsx';

const tariff: CallOutput<'tariffs.get'> = {
  ...{ tariffId: 'standard', name: 'Standard', version: 2, savedAt: '2026-01-01T00:00:00.000Z' },
  ...{ currency: 'EUR', minorDigits: 2, pricesIn: 'currency', gigabyte: 'decimal', prices: [] },
  free: { storedGbHours: 0, downloadedGb: 0, uploadedGb: 0, put: 0, get: 0, list: 0, other: 0 },
  longestSampleGapHours: 24,
};

test('the way back stays when another tariff is opened', async () => {
  const back = '/c/rack-7/customers/statements?open=s1';
  const core = fakeUsage()
    .on('tariffs.list', () => [tariff, { ...tariff, tariffId: 'gold', name: 'Gold' }])
    .on('tariffs.versions', () => [tariff]);
  const query = new URLSearchParams({ tariff: 'standard', version: '2', back });
  renderConsole(core, `/c/rack-7/usage/tariffs?${query}`);
  const gold = await screen.findByRole('button', { name: 'Gold' });
  await userEvent.click(gold);
  expect(gold).toHaveAttribute('aria-current', 'true');
  expect(screen.getByRole('link', { name: 'Back to statement' })).toHaveAttribute('href', back);
});
