import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test } from 'vitest';
import {
  WriteBackFields,
  type WriteBackValue,
} from '#renderer/pages/customers/onboarding/write-back-fields.tsx';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { renderPart } from '../../render-console.tsx';

function Fields() {
  const [value, setValue] = useState<WriteBackValue>({});
  return <WriteBackFields value={value} onChange={setValue} />;
}

test('each choice of what is written back to WHMCS says what it means', async () => {
  const whmcs = { id: 'whmcs', kind: 'whmcs', readOnly: false, capabilities: ['notes'] };
  renderPart(
    fakeCluster().on('billing.list', () => [whmcs] as never),
    <Fields />,
  );
  const place = await screen.findByRole('combobox', { name: 'Write the user id into the service' });
  expect(place).toHaveAccessibleDescription(/does not show which user/);
  await userEvent.click(place);
  await userEvent.click(await screen.findByRole('option', { name: 'As its user name' }));
  expect(place).toHaveAccessibleDescription(/no user name yet/);
});

test('nothing is offered where the billing system is guarded, and why is said', async () => {
  const message = 'The connection "Billing" is read-only.';
  const whmcs = { id: 'whmcs', kind: 'whmcs', hold: { message }, capabilities: ['notes'] };
  renderPart(
    fakeCluster().on('billing.list', () => [whmcs] as never),
    <Fields />,
  );
  expect(await screen.findByText(message)).toBeVisible();
  expect(screen.queryByRole('checkbox')).toBeNull();
});

test.each([
  ['http://billing.example', true],
  ['https://billing.example', false],
  ['http://127.0.0.1:8080', false],
])(
  'a secret key is offered for the note unless it would travel in clear (%s)',
  async (url, off) => {
    const whmcs = { id: 'whmcs', kind: 'whmcs', url, capabilities: ['notes'] };
    renderPart(
      fakeCluster().on('billing.list', () => [whmcs] as never),
      <Fields />,
    );
    await userEvent.click(await screen.findByRole('checkbox', { name: /^Add a note/ }));
    const secret = screen.getByRole('checkbox', { name: 'Put the secret key into that note' });
    if (off) {
      expect(secret).toBeDisabled();
      expect(secret).toHaveAccessibleDescription(/over plain http/);
    } else expect(secret).toBeEnabled();
  },
);
