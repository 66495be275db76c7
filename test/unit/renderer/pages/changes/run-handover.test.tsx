import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeBulk, fakeRun, fakeRunRow } from '#test/fakes/fake-bulk.ts';
import { fakeUserDetail } from '#test/fakes/fake-cluster.ts';
import { fakeEntry } from '#test/fakes/fake-operations.ts';
import { renderConsole } from '../../render-console.tsx';

const address = '/c/rack-7/changes/run/run-1';

const sheet = ({ accessKeyId = '' }) => ({
  ...{ endpoint: 'https://s3.example', region: 'us-east-1', email: '', accessKeyId },
  ...{ secretAccessKey: null, tools: [], text: '', fileName: 'handover.txt' },
});

test('a row that created a user opens its handover sheet; the run itself keeps no key', async () => {
  const email = 'user-000002@example.com';
  const created = fakeRunRow(1, {
    ...{ operation: 'users.create', title: 'Create user', state: 'verified', input: { email } },
    target: { kind: 'user', id: email, name: email },
    fields: [],
  });
  const core = fakeBulk(fakeRun({ state: 'finished' }), [created]).on('onboarding.handover', sheet);
  renderConsole(core, address);
  await userEvent.click(await screen.findByRole('row', { name: /user-000002/ }));
  await userEvent.click(await screen.findByRole('button', { name: 'Handover sheet' }));
  await waitFor(() =>
    expect(core.inputsOf('onboarding.handover')).toEqual([
      {
        ...{ connectionId: 'rack-7', userId: '0000000000000002' },
        ...{ accessKeyId: '0000000000000002KEY1', withSecret: false },
      },
    ]),
  );
});

test('a row that rotated a key opens the sheet of the new one, by the keys of that moment', async () => {
  const holder = { kind: 'user', id: '0000000000000002', name: 'user-000002@example.com' } as const;
  const rotated = fakeRunRow(1, {
    ...{ operation: 'keys.rotate', title: 'Rotate access key', state: 'verified' },
    ...{ input: { userId: holder.id }, target: holder, journalId: 'j1' },
    // planned without knowing the keys
    ...{ fields: [], beforeKnown: false },
  });
  const [old, made] = [`${holder.id}KEY1`, `${holder.id}KEY2`];
  const core = fakeBulk(fakeRun({ state: 'finished' }), [rotated])
    .on('journal.list', () => ({
      total: 1,
      rows: [fakeEntry({ journalId: 'j1', before: { email: holder.name, keys: old } })],
    }))
    .on('users.get', () => ({
      ...fakeUserDetail(2),
      keys: [{ accessKeyId: old }, { accessKeyId: made }],
    }))
    .on('onboarding.handover', sheet);
  renderConsole(core, address);
  await userEvent.click(await screen.findByRole('row', { name: /user-000002/ }));
  await userEvent.click(await screen.findByRole('button', { name: 'Handover sheet' }));
  await waitFor(() =>
    expect(core.inputsOf('onboarding.handover')[0]).toMatchObject({ accessKeyId: made }),
  );
});
