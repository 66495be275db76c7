import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { ErrorPanel } from '#renderer/kit/components/error-panel.tsx';
import { FakeTransport } from '#test/fakes/fake-transport.ts';
import { renderPart } from '../../render-console.tsx';

test('says what happened, what to do and the request id, and copies all of it', async () => {
  const user = userEvent.setup();
  const error = {
    code: 'GATEWAY_FAILED' as const,
    message: 'The gateway answered with status 503.',
    hint: 'Try again in a minute.',
    retryable: true,
    status: 503,
    requestId: '00000163D2F5',
  };
  renderPart(new FakeTransport(), <ErrorPanel error={error} />);
  for (const text of [error.message, error.hint, error.requestId]) {
    expect(screen.getByText(text)).toBeVisible();
  }
  await user.click(screen.getByRole('button', { name: 'Copy details' }));
  const copied = await navigator.clipboard.readText();
  for (const part of [error.message, error.hint, 'GATEWAY_FAILED', '503', '00000163D2F5']) {
    expect(copied).toContain(part);
  }
});
