import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { type AppError, toAppError } from '#shared/errors.ts';

/**
 * Shows in a toast what failed and what to do. It stays until it is dismissed, and makes room for the
 * news of what follows.
 */
export function showFailure(thrown: unknown): void {
  const { message, hint } = toAppError(thrown);
  notifications.hide(message);
  notifications.show({
    id: message,
    color: 'red',
    title: message,
    message: hint,
    autoClose: false,
    priority: -1,
    closeButtonProps: { 'aria-label': 'Dismiss' },
  });
}

/**
 * Runs the work behind a button.
 * @param onFailed receives the failure, where the caller does not show `error` itself
 * @returns whether it is running, why the last run failed, and `run`, which never rejects
 */
export function useAction(onFailed?: (error: AppError) => void) {
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const run = async (work: () => Promise<unknown>): Promise<void> => {
    setRunning(true);
    setError(null);
    try {
      await work();
    } catch (thrown) {
      setError(toAppError(thrown));
      onFailed?.(toAppError(thrown));
    } finally {
      setRunning(false);
    }
  };
  return { running, error, run, clear: () => setError(null) };
}
