import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../../render-console.tsx';

const onboardingId = '0b0f1c5e-6d0e-4b62-9d1c-0d2f3a4b5c6d';
const counts = { problem: 0, pending: 0, creating: 0, created: 0, done: 1, failed: 0 };
const caution = 'No service plan has the product "Gold".';

const finished: CallOutput<'onboarding.get'> = {
  ...{ onboardingId, title: 'Onboard pending orders', source: 'orders', state: 'finished' },
  ...{ createdAt: '2026-11-20T10:00:00.000Z', createdBy: 'ada', total: 1, counts },
  ...{ clusters: [], writeBack: { place: 'username', note: true, secretInNote: false } },
  taskId: null,
  rows: [
    {
      ...{ row: 1, line: null, email: 'it@example.com', connectionId: 'rack-7' },
      ...{ customerId: '7', customerName: 'Example Ltd', serviceId: '41', productName: 'Gold' },
      ...{ planId: null, planName: null, quotaGb: null, limits: null, accountName: null },
      ...{ problem: null, existing: null, cautions: [caution], state: 'done' },
      ...{ userId: '0000000000000001', accessKeyId: '0000000000000001ABCD', error: null },
      writeBack: { field: 'written', note: 'unknown', problems: [] },
    },
  ],
};

test('a finished row says what it lacks, and what the billing system holds by now', async () => {
  renderConsole(
    fakeCluster().on('onboarding.get', () => finished),
    `/c/rack-7/customers/onboarding/${onboardingId}`,
  );
  expect(await screen.findByText(caution)).toBeVisible();
  expect(screen.getByText('WHMCS holds the user id.')).toBeVisible();
  expect(screen.queryByText('Note added to the client.')).toBeNull();
});
