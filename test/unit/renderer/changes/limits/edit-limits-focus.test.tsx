import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { openEditLimits } from '#renderer/changes/limits/edit-limits.tsx';
import { fakeOperations } from '#test/fakes/fake-operations.ts';
import { renderDialogs } from '../operation/render-operation.tsx';

test('"At most" leads into its field, which keeps what is typed to the letter', async () => {
  renderDialogs(fakeOperations());
  openEditLimits({ user: '0000000000000005' }, { set: false, limits: {} });
  const choice = await screen.findByRole('radiogroup', { name: 'Get: unlimited or limited' });
  await userEvent.click(within(choice).getByLabelText('At most'));
  const field = screen.getByLabelText('Get, operations/s');
  expect(field).toHaveFocus();
  await userEvent.keyboard('1.234');
  expect(field).toHaveValue('1.234');
  expect(field).toHaveAccessibleDescription(/can mean 1234 or 1.2340/);
});
