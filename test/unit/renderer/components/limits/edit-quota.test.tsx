import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeOperations, fakePreview } from '#test/fakes/fake-operations.ts';
import {
  openEditQuota,
  quotaError,
} from '../../../../../src/renderer/components/limits/edit-quota.tsx';
import { renderDialogs } from '../operation/render-operation.tsx';

test.each([
  ['', /Enter/],
  ['12.5', /whole number/],
  ['-1', /whole number/],
  ['0', /unlimited/],
  ['9007199254740993', /2\^53/],
])('"%s" is no quota', (text, why) => {
  expect(quotaError(text)).toMatch(why);
});

test('a quota up to 2^53 is one, to the last digit', () => {
  expect(quotaError('9007199254740992')).toBeNull();
});

test('not set, unlimited and a size are three different requests', async () => {
  const core = fakeOperations().on('operations.preview', ({ operation }) =>
    fakePreview({ operation, title: 'Set quota', destructive: false, impact: null }),
  );
  renderDialogs(core);
  openEditQuota({ user: '0000000000000005' }, { set: true, sizeGb: 500 });
  expect(await screen.findByLabelText('Quota in GB')).toHaveValue('500');
  const asked = () => {
    const { operation, input } = core.inputsOf('operations.preview').at(-1) ?? {};
    return { operation, input };
  };
  const target = { user: '0000000000000005' };
  await waitFor(() =>
    expect(asked()).toEqual({ operation: 'quotas.set', input: { target, sizeGb: '500' } }),
  );
  await userEvent.click(screen.getByLabelText('Unlimited'));
  await waitFor(() =>
    expect(asked()).toEqual({ operation: 'quotas.set', input: { target, sizeGb: '0' } }),
  );
  await userEvent.click(screen.getByLabelText('Not set'));
  await waitFor(() => expect(asked()).toEqual({ operation: 'quotas.clear', input: { target } }));
});
