import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { fakeAsOf, fakeCluster, fakeConnection, fakeStatus } from '#test/fakes/fake-cluster.ts';
import { fill } from '../../fill.ts';
import { renderConsole } from '../../render-console.tsx';

const origin = {
  ...{ operator: 'anna', computer: 'desk-7', packedAt: '2026-11-21T13:00:00.000Z' },
  asOf: fakeAsOf,
};

function heldPack(fields: Partial<CallOutput<'connections.readPack'>> = {}) {
  return {
    ...{ name: 'Rack 9', endpoint: 'https://10.0.0.9', accessKeyId: 'aa09' },
    ...{ environment: 'production' as const, readOnly: false, trust: 'pin' as const, origin },
    ...{ users: 8, buckets: 12, plans: [{ name: 'Night', changes: 1, createdBy: 'anna' }] },
    ...{ sameAs: null, nameTaken: false, ...fields },
  };
}

/** Drops a field pack on the window, or on a part of it, and reads it, by keyboard from there. */
async function dropPack(on: Window | Element = window, last = 255): Promise<HTMLElement> {
  const file = new File([new Uint8Array([80, 75, last])], 'field-pack.zip');
  fireEvent.drop(on, { dataTransfer: { files: [file], types: ['Files'] } });
  const dialog = await screen.findByRole('dialog', { name: 'Read field pack' });
  expect(dialog).toHaveTextContent('field-pack.zip');
  await waitFor(() => {
    expect(within(dialog).getByRole('button', { name: 'Read field pack' })).toHaveFocus();
  });
  await userEvent.keyboard('{Enter}');
  return screen.findByRole('dialog', { name: /^Field pack of/ });
}

test('makes a pack with what was last seen only where that is ticked, by keyboard', async () => {
  const file = { fileName: 'field-pack.zip', mediaType: 'application/zip', base64: '' };
  const core = fakeCluster().on('connections.fieldPack', () => file);
  renderConsole(core, '/connections');
  const more = await screen.findByRole('button', { name: 'More for Rack 7' });
  for (const seen of [false, true]) {
    more.focus();
    await userEvent.keyboard('{Enter}');
    (await screen.findByRole('menuitem', { name: 'Field pack…' })).focus();
    await userEvent.keyboard('{Enter}');
    const dialog = await screen.findByRole('dialog', { name: 'Save field pack' });
    const box = within(dialog).getByRole('checkbox', { name: 'Include cached cluster data' });
    expect(box).not.toBeChecked();
    expect(dialog).toHaveTextContent('users’ e-mails, access key ids, buckets’ names');
    if (seen) {
      box.focus();
      await userEvent.keyboard(' ');
    }
    within(dialog).getByRole('button', { name: 'Save field pack' }).focus();
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  }
  expect(core.inputsOf('connections.fieldPack')).toEqual([
    { id: 'rack-7', withSeen: false },
    { id: 'rack-7', withSeen: true },
  ]);
});

test('Escape closes the dialog of a pack alone, not the test below it', async () => {
  const core = fakeCluster().on('connections.test', () => ({ ok: true, steps: [] }));
  renderConsole(core, '/connections');
  const user = userEvent.setup();
  const row = await screen.findByRole('row', { name: /Rack 7/ });
  await user.click(within(row).getByRole('button', { name: 'Test' }));
  const below = await screen.findByRole('dialog', { name: 'Test of Rack 7' });
  await user.click(await within(below).findByRole('button', { name: 'Field pack' }));
  await screen.findByRole('dialog', { name: 'Save field pack' });
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Save field pack' })).toBeNull());
  expect(below).toBeVisible();
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('the administrator can turn the packing off', async () => {
  const policy = {
    ...{ path: '/etc/ostor-console/policy.json', organization: null, idleMinutes: null },
    ...{ forbidden: ['exportClusters' as const], connections: 0 },
  };
  const core = fakeCluster().on('app.info', () => ({
    ...{ version: '0', shell: 'web', secretStore: 'keychain', dataDir: '/d', notices: [], policy },
  }));
  renderConsole(core, '/connections');
  await userEvent.click(await screen.findByRole('button', { name: 'More for Rack 7' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Field pack…' }));
  const box = await screen.findByRole('checkbox', { name: 'Include cached cluster data' });
  await waitFor(() => expect(box).toBeDisabled());
  expect(box).toHaveAccessibleDescription('Turned off by your administrator.');
});

test('a pack that is dropped on the window says what is in it, and is opened by keyboard', async () => {
  const core = fakeCluster()
    .on('connections.readPack', () => heldPack())
    .on('connections.openPack', () => ({ id: 'rack-7', plans: 1, seen: true }));
  const view = renderConsole(core, '/c/rack-7/users');
  await screen.findByRole('heading', { level: 1, name: 'Users' });
  const dialog = await dropPack();
  expect(view.address()).toBe('/connections');
  expect(core.inputsOf('connections.readPack')).toEqual([{ contentBase64: 'UEv/' }]);
  for (const words of ['10.0.0.9', 'Production', 'one pinned certificate', 'desk-7 by anna']) {
    expect(dialog).toHaveTextContent(words);
  }
  expect(dialog).toHaveTextContent('8 users, 12 buckets');
  expect(dialog).toHaveTextContent('Night (1 change, anna)');
  expect(core.inputsOf('connections.openPack')).toEqual([]);
  await waitFor(() => {
    expect(within(dialog).getByRole('button', { name: 'Open cluster' })).toHaveFocus();
  });
  await userEvent.keyboard('{Enter}');
  await waitFor(() => expect(view.address()).toBe('/c/rack-7/overview'));
  expect(core.inputsOf('connections.openPack')).toEqual([
    { contentBase64: 'UEv/', name: 'Rack 9' },
  ]);
});

test('of a cluster that is here already the plans alone are brought, and what is newer stays', async () => {
  const sameAs = { id: 'rack-7', name: 'Rack 7', asOf: fakeAsOf, takesSeen: false };
  const core = fakeCluster()
    .on('connections.readPack', () => heldPack({ sameAs, nameTaken: true }))
    .on('connections.openPack', () => ({ id: 'rack-7', plans: 1, seen: false }))
    .on('plans.list', () => []);
  const view = renderConsole(core, '/connections');
  await screen.findByRole('row', { name: /Rack 7/ });
  const dialog = await dropPack();
  expect(dialog).toHaveTextContent('You already have this cluster as Rack 7.');
  expect(dialog).toHaveTextContent('The cached data here is kept');
  expect(within(dialog).queryByLabelText('Name')).toBeNull();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Add change plans' }));
  await waitFor(() => expect(view.address()).toBe('/c/rack-7/changes/plans'));
  expect(core.inputsOf('connections.openPack')).toEqual([
    { contentBase64: 'UEv/', into: 'rack-7' },
  ]);
});

test('for a cluster that is here already the button says what is brought, and is off where nothing is', async () => {
  const sameAs = { id: 'rack-7', name: 'Rack 7', asOf: fakeAsOf, takesSeen: false };
  let pack = heldPack({ sameAs, plans: [] });
  const core = fakeCluster().on('connections.readPack', () => pack);
  renderConsole(core, '/connections');
  await screen.findByRole('row', { name: /Rack 7/ });
  const nothing = await dropPack();
  expect(within(nothing).getByRole('button', { name: 'Add change plans' })).toBeDisabled();
  expect(nothing).toHaveTextContent('there is nothing to add');
  const newer = { ...sameAs, takesSeen: true };
  for (const [plans, verb] of [
    [[], 'Replace cached data'],
    [heldPack().plans, 'Add change plans and replace cached data'],
  ] as const) {
    pack = heldPack({ sameAs: newer, plans: [...plans] });
    const dialog = await dropPack();
    expect(within(dialog).getByRole('button', { name: verb })).toBeEnabled();
  }
});

test('of two packs of one name the one dropped last is read', async () => {
  const core = fakeCluster().on('connections.readPack', () => heldPack());
  renderConsole(core, '/connections');
  await screen.findByRole('row', { name: /Rack 7/ });
  await dropPack();
  await dropPack(window, 0);
  expect(core.inputsOf('connections.readPack')).toEqual([
    { contentBase64: 'UEv/' },
    { contentBase64: 'UEsA' },
  ]);
});

test('a pack that is dropped on the page of plans or tables is opened as one', async () => {
  const core = fakeCluster().on('connections.readPack', () => heldPack());
  const view = renderConsole(core, '/c/rack-7/changes/plan');
  await dropPack(await screen.findByRole('button', { name: 'Open a plan file' }));
  expect(view.address()).toBe('/connections');
  expect(core.inputsOf('plans.open')).toEqual([]);
  expect(core.inputsOf('connections.readPack')).toEqual([{ contentBase64: 'UEv/' }]);
});

test('a pack whose name is taken asks for another, and one that is refused says why', async () => {
  const core = fakeCluster()
    .on('connections.readPack', () => heldPack({ nameTaken: true }))
    .on('connections.openPack', () => ({ id: 'rack-7', plans: 0, seen: true }));
  renderConsole(core, '/connections');
  await screen.findByRole('row', { name: /Rack 7/ });
  const dialog = await dropPack();
  expect(within(dialog).getByLabelText('Name')).toHaveValue('Rack 9 (desk-7)');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Open cluster' }));
  await waitFor(() => expect(core.inputsOf('connections.openPack')).toHaveLength(1));
  expect(core.inputsOf('connections.openPack')[0]).toMatchObject({ name: 'Rack 9 (desk-7)' });
});

test('the palette opens the dialog, and a file that is no pack is refused in it', async () => {
  const core = fakeCluster().on('connections.readPack', () => {
    throw new AppError({ code: 'FILE_INVALID', message: 'It is no zip.', hint: 'Try another.' });
  });
  renderConsole(core, '/c/rack-7/users');
  await screen.findByRole('heading', { level: 1, name: 'Users' });
  await userEvent.keyboard('{Control>}k{/Control}');
  const words = await screen.findByRole('textbox', { name: 'Search everything' });
  await fill(words, 'open field pack');
  await screen.findByRole('button', { name: /^Open field pack/ });
  await userEvent.keyboard('{Enter}');
  const dialog = await screen.findByRole('dialog', { name: 'Read field pack' });
  // whatever it is called, its bytes are read
  const bytes = new Uint8Array([80, 75, 255]);
  const file = new File([bytes], 'pack.backup', { type: 'application/zip' });
  const field = document.querySelector<HTMLInputElement>('input[type="file"][accept^=".zip"]');
  await userEvent.upload(field as HTMLInputElement, file);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Read field pack' }));
  expect(await within(dialog).findByText('It is no zip.')).toBeVisible();
  expect(core.inputsOf('connections.readPack')).toEqual([{ contentBase64: 'UEv/' }]);
});

test('what came in a field pack is marked with where and when it was seen, until it is read here', async () => {
  let asOf = fakeAsOf;
  const connection = fakeConnection({ hasCredential: false, fieldPack: origin });
  const core = fakeCluster(5, connection).on('sync.status', () =>
    fakeStatus({ state: 'offline', asOf }),
  );
  const first = renderConsole(core, '/c/rack-7/users');
  const banner = await screen.findByText(/opened from a field pack/);
  expect(banner).toHaveTextContent('Rack 7 as anna saw it on desk-7');
  expect(screen.getByRole('button', { name: 'Enter the secret key' })).toBeVisible();
  first.unmount();
  const second = renderConsole(core, '/connections');
  const row = await screen.findByRole('row', { name: /Rack 7/ });
  expect(await within(row).findByText('From a field pack')).toBeVisible();
  expect(row).toHaveTextContent('desk-7');
  second.unmount();
  asOf = '2026-11-22T12:00:00.000Z';
  renderConsole(core, '/c/rack-7/users');
  await screen.findByText(/The secret key of Rack 7 is needed/);
  expect(screen.queryByText(/opened from a field pack/)).toBeNull();
});
