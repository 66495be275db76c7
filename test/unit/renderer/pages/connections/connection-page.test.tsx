import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { CallInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { fakeCluster, fakeConnection } from '#test/fakes/fake-cluster.ts';
import { fill } from '../../fill.ts';
import { renderConsole } from '../../render-console.tsx';

const fingerprint256 = Array(32).fill('1C').join(':');
const untrusted = {
  ok: false,
  steps: [
    {
      name: 'connect' as const,
      ok: true,
      state: 'passed' as const,
      detail: 'Port 8443 takes connections.',
    },
    {
      name: 'certificate' as const,
      ok: false,
      state: 'failed' as const,
      detail: 'The certificate is self-signed.',
    },
    {
      name: 'rights' as const,
      ok: false,
      state: 'not-tried' as const,
      detail: 'Not tried: the certificate is not trusted.',
    },
  ],
  fingerprint256,
};
const passed = {
  ok: true,
  steps: [
    {
      name: 'rights' as const,
      ok: true,
      state: 'passed' as const,
      detail: 'This key may read the users.',
    },
  ],
};

/** A core that saves connections, and trusts the gateway once its certificate is pinned. */
function savingCore() {
  const connections = [fakeConnection()];
  const core = fakeCluster();
  return core
    .on('connections.list', () => [...connections])
    .on('connections.save', ({ secretKey, id, ...fields }: CallInput<'connections.save'>) => {
      const saved = fakeConnection({ ...fields, id: id ?? 'new-one' } as never);
      connections.splice(0, connections.length, fakeConnection(), saved);
      core.emit({ name: 'connections.changed', payload: {} });
      return saved;
    })
    .on('connections.test', ({ id }) =>
      connections.find((other) => other.id === id)?.tls?.fingerprint256 ? passed : untrusted,
    );
}

test('refuses a form that is not filled in, without asking core', async () => {
  const core = savingCore();
  renderConsole(core, '/connections/new');
  const save = await screen.findByRole('button', { name: 'Save and test' });
  expect(screen.getByRole('textbox', { name: 'Name' })).toHaveFocus();
  await userEvent.click(save);
  expect(await screen.findByText('Give the cluster a name')).toBeVisible();
  expect(screen.getByText('Enter the secret key of the system user')).toBeVisible();
  expect(core.inputsOf('connections.save')).toEqual([]);
});

test('saves and tests a new connection, and pins its certificate after comparing', async () => {
  const core = savingCore();
  const view = renderConsole(core, '/connections/new');
  await userEvent.type(await screen.findByLabelText('Name'), 'Basel');
  await fill(screen.getByLabelText('Endpoint'), 'https://s3.basel.example:8443');
  await userEvent.type(screen.getByLabelText('Access key id'), 'AAAA');
  await fill(screen.getByLabelText('Secret key'), 'not-a-real-secret');
  await userEvent.click(screen.getByRole('button', { name: 'Save and test' }));

  const test = await screen.findByRole('region', { name: 'Test of the connection' });
  expect(view.address()).toBe('/connections/new-one');
  expect(within(test).getByText('The certificate is self-signed.')).toBeVisible();
  expect(within(test).getByLabelText('Not tried')).toBeVisible();
  expect(test).toHaveTextContent(fingerprint256);
  expect(core.inputsOf('connections.save')[0]).toMatchObject({
    name: 'Basel',
    environment: 'production',
    secretKey: 'not-a-real-secret',
  });

  await userEvent.click(
    within(test).getByRole('button', { name: 'It matches: trust this certificate' }),
  );
  expect(await screen.findByRole('heading', { name: 'The gateway answers' })).toBeVisible();
  expect(core.inputsOf('connections.save')[1]).toMatchObject({
    id: 'new-one',
    tls: { fingerprint256 },
  });
  expect(core.inputsOf('connections.save')[1]).not.toHaveProperty('secretKey');
  expect(document.body.innerHTML).not.toContain('not-a-real-secret');
});

test('tests what is entered without saving it, and takes its certificate into the form', async () => {
  const core = savingCore().on('connections.test', ({ entered }) =>
    entered?.tls?.fingerprint256 ? passed : untrusted,
  );
  renderConsole(core, '/connections/new');
  await userEvent.type(await screen.findByLabelText('Name'), 'Basel');
  await fill(screen.getByLabelText('Endpoint'), 'https://s3.basel.example:8443');
  await userEvent.type(screen.getByLabelText('Access key id'), 'AAAA');
  await fill(screen.getByLabelText('Secret key'), 'not-a-real-secret');
  await userEvent.click(screen.getByRole('button', { name: 'Test without saving' }));
  const test = await screen.findByRole('region', { name: 'Test of the connection' });
  expect(screen.getByText(/^Not saved/)).toBeVisible();
  await userEvent.click(
    within(test).getByRole('button', { name: 'It matches: trust this certificate' }),
  );
  expect(await screen.findByRole('heading', { name: 'The gateway answers' })).toBeVisible();
  expect(screen.queryByRole('link', { name: 'Open the cluster' })).toBeNull();
  expect(core.inputsOf('connections.save')).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(core.inputsOf('connections.save')).toHaveLength(1));
  expect(core.inputsOf('connections.save')[0]).toMatchObject({
    name: 'Basel',
    secretKey: 'not-a-real-secret',
    tls: { fingerprint256 },
  });
});

test('lists what the guide has done on the cluster, with lines to paste', async () => {
  renderConsole(savingCore(), '/connections/new');
  await userEvent.click(
    await screen.findByRole('button', { name: 'Prerequisites on the cluster' }),
  );
  const list = screen.getByRole('region', { name: 'Prerequisites on the cluster' });
  for (const line of [
    'ostor-ctl get-config -n NODE_IP',
    'ostor-s3-admin create-user -S -e user@example.com -V VOLUME_ID',
    /gw\.conf\nsystemctl restart ostor-agentd/,
    'ostor-ctl add-acc -V VOLUME_ID -s /mnt/vstorage/vols/ostor',
    'source ~/.s3_environment',
  ]) {
    const [found] = within(list).getAllByText((_text, element) => {
      const text = element?.tagName === 'PRE' ? (element.textContent ?? '') : '';
      return typeof line === 'string' ? text === line : line.test(text);
    });
    expect(found).toBeVisible();
  }
});

test('reads an authority from a file, and says what it holds or that it cannot be read', async () => {
  const core = savingCore().on('connections.readCertificates', ({ contentBase64 }) => {
    if (atob(contentBase64) !== 'der') {
      throw new AppError({
        code: 'INPUT_INVALID',
        message: 'No certificate can be read.',
        hint: 'Give it in PEM.',
      });
    }
    return {
      pem: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      certificates: [
        {
          fingerprint256,
          subject: 'CN=Site authority',
          issuer: 'CN=Site authority',
          validFrom: '2026-01-01T00:00:00.000Z',
          validTo: '2030-01-01T00:00:00.000Z',
          selfSigned: true,
        },
      ],
    };
  });
  renderConsole(core, '/connections/rack-7');
  await userEvent.click(
    await screen.findByRole('button', { name: 'Certificate, proxy, signature' }),
  );
  await userEvent.click(screen.getByRole('combobox', { name: 'Trust' }));
  await userEvent.click(
    await screen.findByRole('option', { name: 'A certificate authority of our own' }),
  );
  const picker = document.querySelector<HTMLInputElement>('input[type=file]');
  if (!picker) throw new Error('no file can be selected');
  await userEvent.upload(picker, new File(['text'], 'notes.cer'));
  expect(await screen.findByRole('alert')).toHaveTextContent(
    'notes.cer: No certificate can be read. Give it in PEM.',
  );
  await userEvent.upload(picker, new File(['der'], 'site.cer'));
  expect(await screen.findByText('site.cer: CN=Site authority (until 2030-01-01).')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() =>
    expect(core.inputsOf('connections.save')[0]).toMatchObject({
      tls: { ca: expect.stringContaining('BEGIN CERTIFICATE') },
    }),
  );
});

test('asks before plain http is saved, and lets secret keys over it where that is selected', async () => {
  const core = savingCore();
  renderConsole(core, '/connections/rack-7');
  const endpoint = await screen.findByLabelText('Endpoint');
  await userEvent.clear(endpoint);
  await fill(endpoint, 'http://s3.site.example');
  expect(screen.getByText('Plain http: nothing is encrypted')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  const cancelled = await screen.findByRole('dialog', { name: 'Save with plain http' });
  await userEvent.click(within(cancelled).getByRole('button', { name: 'Cancel' }));
  expect(core.inputsOf('connections.save')).toEqual([]);
  await userEvent.click(
    screen.getByRole('switch', { name: 'Secret keys may be generated and shown over plain http' }),
  );
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  const dialog = await screen.findByRole('dialog', { name: 'Save with plain http' });
  await userEvent.click(within(dialog).getByRole('button', { name: 'Save with plain http' }));
  await waitFor(() => expect(core.inputsOf('connections.save')).toHaveLength(1));
  expect(core.inputsOf('connections.save')[0]).toMatchObject({
    endpoint: 'http://s3.site.example',
    secretsOverPlainHttp: true,
  });
});

test('does not let be changed what the administrator set', async () => {
  const managedFields = ['id', 'name', 'endpoint', 'tls', 'readOnly'];
  const core = fakeCluster().on('connections.list', () => [fakeConnection({ managedFields })]);
  renderConsole(core, '/connections/rack-7');
  expect(await screen.findByText('Managed by your administrator')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: /Certificate, proxy/ }));
  const isOff = (label: string | RegExp) =>
    (screen.getByLabelText(label, { selector: 'input, textarea' }) as HTMLInputElement).disabled;
  expect([isOff('Name'), isOff('Endpoint'), isOff(/^Read-only/)]).toEqual([true, true, true]);
  expect([isOff('Access key id'), isOff('Secret key'), isOff('Region')]).toEqual([
    false,
    false,
    false,
  ]);
});
