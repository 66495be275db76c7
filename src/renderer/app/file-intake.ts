import { notifications } from '@mantine/notifications';
import { useEffect, useEffectEvent } from 'react';
import { useNavigate } from 'react-router';
import { newChangesPath, planPath } from '../kit/addresses.ts';
import { isPlanFile, leaveFile } from '../kit/components/arrived-file.ts';
import { type OpenedFile, readTextFile } from '../kit/components/read-text-file.ts';

/**
 * Opens change plans and tables that are dropped anywhere on the window, or opened from outside the
 * console, on the page that is for them.
 * @param connectionId of the cluster on screen
 */
export function useFileIntake(connectionId: string | null): void {
  const navigate = useNavigate();
  const take = useEffectEvent((file: OpenedFile) => {
    if (connectionId === null) {
      notifications.show({ color: 'red', title: file.name, message: 'Open a cluster first.' });
      return;
    }
    leaveFile(file);
    navigate(isPlanFile(file.name) ? planPath(connectionId) : newChangesPath(connectionId));
  });
  useEffect(() => {
    const onDragOver = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    };
    const onDrop = async (event: DragEvent): Promise<void> => {
      const [dropped] = event.dataTransfer?.files ?? [];
      if (event.defaultPrevented || !dropped) return;
      event.preventDefault(); // the browser would show the file instead of the console
      const file = await readTextFile(dropped);
      if (file) take(file);
    };
    window.addEventListener('dragover', onDragOver);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onDragOver);
      window.removeEventListener('drop', onDrop);
    };
  }, []);
  useEffect(
    () => window.ostorConsole?.onFile(({ name, text }) => take({ name, text, encoding: 'UTF-8' })),
    [],
  );
}
