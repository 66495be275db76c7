import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../../render-console.tsx';

type Billing = CallOutput<'billing.list'>[number];

const saved: Billing = {
  ...{ id: 'b1', name: 'Billing', kind: 'whmcs', url: 'https://billing.example' },
  ...{ identifier: 'abc', readOnly: false, hasCredential: true, hasAccessKey: false },
  ...{ capabilities: ['drafts'], asOf: null, customers: 0, services: 0 },
  tls: { ca: '-----BEGIN CERTIFICATE-----' },
  proxy: { mode: 'manual', url: 'http://proxy:3128' },
};

test('certificate, proxy and timeout of a billing system are edited, and kept', async () => {
  const core = fakeCluster()
    .on('billing.list', () => [saved])
    .on('billing.save', () => saved)
    .on('billing.test', () => ({ ok: false, steps: [] }));
  renderConsole(core, '/connections/billing/b1');
  const timeout = await screen.findByLabelText('Timeout (s)');
  expect(screen.getByLabelText('Proxy address')).toHaveValue('http://proxy:3128');
  await userEvent.clear(timeout);
  await userEvent.type(timeout, '90');
  await userEvent.click(screen.getByRole('button', { name: 'Save, test and read customers' }));
  await waitFor(() => expect(core.inputsOf('billing.save')).toHaveLength(1));
  const { tls, proxy } = saved;
  expect(core.inputsOf('billing.save')).toMatchObject([
    { id: 'b1', tls, proxy, timeoutSeconds: 90 },
  ]);
});
