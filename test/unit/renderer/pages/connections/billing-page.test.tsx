import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
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

test('the least role to copy is that of reading alone where nothing may be changed', async () => {
  const core = fakeCluster().on('billing.list', () => []);
  renderConsole(core, '/connections/billing/new');
  expect(await screen.findByText(/GetClientsProducts.*CreateInvoice/)).toBeVisible();
  expect(screen.getByRole('button', { name: 'Copy the actions of the API role' })).toBeVisible();
  await userEvent.click(screen.getByRole('switch', { name: /^Read-only/ }));
  expect(screen.queryByText(/CreateInvoice/)).toBeNull();
  expect(screen.getByText(/GetClientsProducts/)).toBeVisible();
});

test('a stored access key and a proxy password are removed, or kept', async () => {
  const stored: Billing = {
    ...{ ...saved, hasAccessKey: true },
    proxy: { mode: 'manual', url: 'http://proxy:3128', username: 'op', hasPassword: true },
  };
  const core = fakeCluster()
    .on('billing.list', () => [stored])
    .on('billing.save', () => stored)
    .on('billing.test', () => ({ ok: false, steps: [] }));
  renderConsole(core, '/connections/billing/b1');
  const save = await screen.findByRole('button', { name: 'Save, test and read customers' });
  const inputs = () => core.inputsOf('billing.save');
  await userEvent.click(save);
  await waitFor(() => expect(inputs()).toHaveLength(1));
  expect(inputs()[0]).not.toHaveProperty('accessKey');
  expect(inputs()[0]?.proxy).not.toHaveProperty('password');
  await userEvent.click(screen.getByRole('checkbox', { name: 'Remove the stored access key' }));
  await userEvent.click(screen.getByRole('checkbox', { name: 'Remove the stored proxy password' }));
  expect(screen.getByLabelText('Access key')).toBeDisabled();
  await userEvent.click(save);
  await waitFor(() => expect(inputs()).toHaveLength(2));
  expect(inputs()[1]).toMatchObject({ accessKey: null, proxy: { username: 'op', password: null } });
});

test('a billing system whose customers can’t be read is saved once, however often it is tried', async () => {
  let system = saved;
  const core = fakeCluster()
    .on('billing.list', () => [system])
    .on('billing.save', () => {
      system = { ...saved, proxy: { mode: 'direct' } };
      return system;
    })
    .on('billing.test', () => ({ ok: true, steps: [] }))
    .on('billing.refresh', () => {
      throw new AppError({ code: 'TIMED_OUT', message: 'WHMCS did not answer.', hint: 'Wait.' });
    });
  renderConsole(core, '/connections/billing/new');
  await screen.findByLabelText('Name');
  const fields = { Name: saved.name, Address: 'http://billing.example', Identifier: 'abc' };
  for (const [label, value] of Object.entries({ ...fields, Secret: 'def' })) {
    fireEvent.change(screen.getByLabelText(label), { target: { value } });
  }
  await userEvent.click(screen.getByRole('button', { name: 'Save, test and read customers' }));
  // plain http to another machine is confirmed first
  expect(core.inputsOf('billing.save')).toEqual([]);
  await userEvent.click(await screen.findByRole('button', { name: 'Save with plain http' }));
  expect(await screen.findByText('WHMCS did not answer.')).toBeVisible();
  await waitFor(() => expect(screen.getByLabelText('Address')).toHaveValue(saved.url));
  await userEvent.click(screen.getByRole('button', { name: 'Save, test and read customers' }));
  await waitFor(() => expect(core.inputsOf('billing.save')).toHaveLength(2));
  expect(core.inputsOf('billing.save')[1]).toMatchObject({ id: saved.id });
});

test('why a billing system was not read the last time is on its page and in the list', async () => {
  const problem = { at: new Date().toISOString(), message: 'WHMCS refused.', hint: 'Look there.' };
  const core = fakeCluster().on('billing.list', () => [{ ...saved, problem }]);
  renderConsole(core, '/connections/billing/b1');
  expect(await screen.findByText('WHMCS refused.')).toBeVisible();
  const [back] = screen.getAllByRole('link', { name: 'Connections' });
  if (back) await userEvent.click(back);
  expect(await screen.findByText('Last refresh failed')).toBeVisible();
});

test('the admin area of a new WHMCS is suggested, corrected or left out; of a saved one it stays', async () => {
  const core = fakeCluster()
    .on('billing.list', () => [])
    .on('billing.save', () => saved)
    .on('billing.test', () => ({ ok: false, steps: [] }));
  renderConsole(core, '/connections/billing/new');
  const area = await screen.findByLabelText('Admin area');
  const fields = { Name: 'Billing', Identifier: 'abc', Secret: 'def' };
  for (const [label, value] of Object.entries(fields)) {
    fireEvent.change(screen.getByLabelText(label), { target: { value } });
  }
  await userEvent.type(screen.getByLabelText('Address'), 'https://billing.example/shop/');
  await userEvent.tab();
  expect(area).toHaveValue('https://billing.example/shop/admin');
  const save = screen.getByRole('button', { name: 'Save, test and read customers' });
  fireEvent.change(area, { target: { value: 'ftp://billing.example' } });
  await userEvent.click(save);
  expect(await screen.findByText(/or leave it empty/)).toBeVisible();
  expect(core.inputsOf('billing.save')).toEqual([]);
  fireEvent.change(area, { target: { value: 'https://billing.example/staff' } });
  await userEvent.click(save);
  await waitFor(() => expect(core.inputsOf('billing.save')).toHaveLength(1));
  expect(core.inputsOf('billing.save')[0]).toMatchObject({
    adminUrl: 'https://billing.example/staff',
  });
});

test('a saved WHMCS without an admin area gets none by being edited', async () => {
  const core = fakeCluster()
    .on('billing.list', () => [saved])
    .on('billing.save', () => saved)
    .on('billing.test', () => ({ ok: false, steps: [] }));
  renderConsole(core, '/connections/billing/b1');
  await userEvent.click(await screen.findByLabelText('Address'));
  await userEvent.tab();
  expect(screen.getByLabelText('Admin area')).toHaveValue('');
  await userEvent.click(screen.getByRole('button', { name: 'Save, test and read customers' }));
  await waitFor(() => expect(core.inputsOf('billing.save')).toHaveLength(1));
  expect(core.inputsOf('billing.save')[0]).not.toHaveProperty('adminUrl');
});

test('a certificate that is not trusted is shown, and trusted from then on when it matches', async () => {
  const fingerprint256 = Array.from({ length: 32 }, () => 'AB').join(':');
  const certificate = {
    ...{ fingerprint256, subject: 'CN=billing', issuer: 'CN=billing', selfSigned: true },
    ...{ validFrom: '2026-01-01T00:00:00.000Z', validTo: '2027-01-01T00:00:00.000Z' },
  };
  let system: Billing = { ...saved, tls: {}, readOnly: true, timeoutSeconds: 45 };
  const core = fakeCluster()
    .on('billing.list', () => [system])
    .on('billing.save', ({ tls }) => {
      system = { ...system, ...(tls ? { tls } : {}) };
      return system;
    })
    .on('billing.test', () => ({ ok: false, steps: [], certificate }));
  renderConsole(core, '/connections/billing/b1');
  await userEvent.click(
    await screen.findByRole('button', { name: 'Save, test and read customers' }),
  );
  expect(await screen.findByText('Is this the certificate of WHMCS?')).toBeVisible();
  expect(screen.getByText('CN=billing')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'It matches: trust this certificate' }));
  await waitFor(() => expect(core.inputsOf('billing.save')).toHaveLength(2));
  // all else stays as it was saved
  expect(core.inputsOf('billing.save')[1]).toMatchObject({
    ...{ id: 'b1', identifier: 'abc', readOnly: true, timeoutSeconds: 45 },
    tls: { fingerprint256 },
  });
  expect(core.inputsOf('billing.save')[1]).not.toHaveProperty('secret');
});

test('a billing system that shows another certificate than the pinned one says so, and where to look', async () => {
  const pinAlarm = { pinned: 'AA:BB', shown: 'CC:DD', at: new Date().toISOString() };
  const core = fakeCluster().on('billing.list', () => [{ ...saved, pinAlarm }]);
  renderConsole(core, '/connections/billing/b1');
  expect(await screen.findByText('Another certificate than the pinned one')).toBeVisible();
  expect(screen.getByText(/Nothing is sent to this billing system/)).toHaveTextContent('CC:DD');
  const [back] = screen.getAllByRole('link', { name: 'Connections' });
  if (back) await userEvent.click(back);
  expect(await screen.findByText('Another certificate than the pinned one')).toBeVisible();
});

test('a new billing system is locked as production; one of before has no environment until one is selected', async () => {
  let systems: Billing[] = [];
  const core = fakeCluster()
    .on('billing.list', () => systems)
    .on('billing.save', () => saved)
    .on('billing.test', () => ({ ok: false, steps: [] }));
  const { unmount } = renderConsole(core, '/connections/billing/new');
  expect(await screen.findByRole('radio', { name: 'Production' })).toBeChecked();
  expect(screen.getByText(/are locked until you unlock them/)).toBeVisible();
  unmount();
  systems = [saved];
  renderConsole(core, '/connections/billing/b1');
  const save = await screen.findByRole('button', { name: 'Save, test and read customers' });
  for (const radio of screen.getAllByRole('radio', { name: /Production|Staging|Lab/ })) {
    expect(radio).not.toBeChecked();
  }
  await userEvent.click(save);
  await waitFor(() => expect(core.inputsOf('billing.save')).toHaveLength(1));
  expect(core.inputsOf('billing.save')[0]).not.toHaveProperty('environment');
  await userEvent.click(screen.getByRole('radio', { name: 'Production' }));
  await userEvent.click(save);
  await waitFor(() => expect(core.inputsOf('billing.save')).toHaveLength(2));
  expect(core.inputsOf('billing.save')[1]).toMatchObject({ environment: 'production' });
});

test('a production billing system is unlocked for some minutes, and locked again, on its page', async () => {
  let system: Billing = { ...saved, environment: 'production' };
  const core = fakeCluster()
    .on('billing.list', () => [system])
    .on('billing.unlock', ({ minutes = 0 }) => {
      const unlockedUntil = new Date(Date.now() + minutes * 60_000).toISOString();
      system = { ...system, unlockedUntil };
      core.emit({ name: 'customers.changed', payload: {} });
      return system;
    })
    .on('billing.lock', () => saved);
  renderConsole(core, '/connections/billing/b1');
  await userEvent.click(await screen.findByRole('button', { name: 'Locked' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: '5 minutes' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Unlocked, 5 min' }));
  expect(core.inputsOf('billing.unlock')).toEqual([{ id: 'b1', minutes: 5 }]);
  await waitFor(() => expect(core.inputsOf('billing.lock')).toEqual([{ id: 'b1' }]));
});
