import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { useFocusKeeper } from '#renderer/kit/focus-keeper.ts';
import { FakeTransport } from '#test/fakes/fake-transport.ts';
import { renderPart } from '../../render-console.tsx';

function Page() {
  useFocusKeeper();
  return (
    <>
      <button type="button" data-hint="why this is off">
        First
      </button>
      <button type="button">Second</button>
      <button type="button" data-hint="what this does">
        Third
      </button>
    </>
  );
}

test('a hint is announced on keyboard focus, and lets the keyboard continue', async () => {
  renderPart(new FakeTransport(), <Page />);
  const user = userEvent.setup();
  await user.tab();
  expect(screen.getByRole('button', { name: 'First' })).toHaveFocus();
  expect(await screen.findByRole('tooltip')).toHaveTextContent('why this is off');
  await user.tab();
  expect(screen.getByRole('button', { name: 'Second' })).toHaveFocus();
  await waitFor(() => expect(screen.queryByRole('tooltip')).toBeNull());
  await user.tab();
  expect(screen.getByRole('button', { name: 'Third' })).toHaveFocus();
  expect(await screen.findByRole('tooltip')).toHaveTextContent('what this does');
  expect(screen.getByRole('button', { name: 'Third' })).toHaveAccessibleDescription(
    'what this does',
  );
});
