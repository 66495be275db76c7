import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { noteSecured } from '#renderer/kit/stores/secured.ts';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../../render-console.tsx';

const onboardingId = '0b0f1c5e-6d0e-4b62-9d1c-0d2f3a4b5c6d';
const counts = { problem: 0, creating: 0, failed: 0, pending: 0, unwritten: 0, created: 0 };

const run = (done: number) => ({
  ...{ onboardingId, title: 'Onboard', source: 'services' as const, taskId: null, writeBack: null },
  ...{ createdAt: '2026-11-20T10:00:00.000Z', createdBy: 'ada', clusters: [], changed: [] },
  unaccepted: 0,
  ...{ state: 'finished' as const, total: done, counts: { ...counts, done }, rows: [] },
});

const left = [{ email: 'bob@example.com', message: 'It has no key.', hint: 'Generate one.' }];
const zip = { fileName: 'handover.zip', mediaType: 'application/zip', base64: '', sheets: 2, left };

function open(done: number) {
  const core = fakeCluster()
    .on('onboarding.get', () => run(done))
    .on('onboarding.handoverAll', () => zip);
  renderConsole(core, `/c/rack-7/customers/onboarding/${onboardingId}`);
  return core;
}

const begin = async () => {
  const name = 'Save handover sheets (zip)…';
  await userEvent.click(await screen.findByRole('button', { name }));
  return within(await screen.findByRole('dialog'));
};

test('the sheets of a run are saved together, without secrets unless asked for, and say what they lack', async () => {
  const save = vi.spyOn(URL, 'createObjectURL');
  const core = open(3);
  const dialog = await begin();
  await userEvent.click(dialog.getByRole('button', { name: 'Save sheets' }));
  expect(await screen.findByText(/bob@example.com: It has no key/)).toBeVisible();
  expect(core.inputsOf('onboarding.handoverAll')).toEqual([{ onboardingId, withSecret: false }]);
  expect(save).toHaveBeenCalledTimes(1);
  const again = await begin();
  await userEvent.click(again.getByRole('checkbox', { name: 'Include secret keys' }));
  await userEvent.click(again.getByRole('button', { name: 'Save sheets with secrets' }));
  await waitFor(() => expect(save).toHaveBeenCalledTimes(2));
  expect(core.inputsOf('onboarding.handoverAll')[1]).toMatchObject({ withSecret: true });
});

test('secrets that arrive after the console was locked are not saved', async () => {
  const save = vi.spyOn(URL, 'createObjectURL').mockClear();
  const core = open(3);
  core.on('onboarding.handoverAll', () => {
    noteSecured();
    return zip;
  });
  const dialog = await begin();
  await userEvent.click(dialog.getByRole('checkbox', { name: 'Include secret keys' }));
  await userEvent.click(dialog.getByRole('button', { name: 'Save sheets with secrets' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(save).not.toHaveBeenCalled();
});

test('a run that created nobody offers no sheets', async () => {
  open(0);
  expect(await screen.findByRole('region', { name: 'The run' })).toBeVisible();
  expect(screen.queryByRole('button', { name: /handover sheets/ })).toBeNull();
});
