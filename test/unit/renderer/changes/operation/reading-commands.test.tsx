import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { fakeUsage } from '#test/fakes/fake-usage.ts';
import { renderConsole } from '../../render-console.tsx';

test('a list shows the lines that read it by command line', async () => {
  const core = fakeCluster().on('operations.readingCommands', () => ({
    s3Curl: ['s3_curl GET "https://s3.example.com/?ostor-users"'],
    ostorS3Admin: ['ostor-s3-admin query-users -V 0100000000000002'],
    script: '#!/usr/bin/env bash',
  }));
  renderConsole(core, '/c/rack-7/users');
  await userEvent.click(await screen.findByRole('button', { name: 'Show commands' }));
  expect(await screen.findByText(/query-users -V 0100000000000002/)).toBeVisible();
  expect(core.inputsOf('operations.readingCommands')[0]).toMatchObject({ of: { list: 'users' } });
});

test.each([
  ['limits', 'quotas'],
  ['keys', 'keys'],
  ['usage/gateway', 'usage'],
])('the page %s shows the lines that list %s', async (page, list) => {
  const core = fakeUsage().on('operations.readingCommands', () => ({
    s3Curl: ['s3_curl GET "https://s3.example.com/?shown"'],
    ostorS3Admin: [],
    script: '#!/usr/bin/env bash',
  }));
  renderConsole(core, `/c/rack-7/${page}`);
  await userEvent.click(await screen.findByRole('button', { name: 'Show commands' }));
  expect(await screen.findByText(/\?shown/)).toBeVisible();
  expect(core.inputsOf('operations.readingCommands')[0]).toMatchObject({ of: { list } });
});
