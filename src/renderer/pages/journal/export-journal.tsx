import { ActionIcon, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import type { CallInput } from '#shared/contract/index.ts';
import { toAppError } from '#shared/errors.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { downloadFile } from '../../lists/table/export-csv.ts';

/** Exports every entry that matches search and filters, as CSV or JSON. */
export function ExportJournal({ query }: { query: Omit<CallInput<'journal.export'>, 'format'> }) {
  const call = useConsole();
  const [running, setRunning] = useState(false);
  const run = async (format: 'csv' | 'json') => {
    setRunning(true);
    try {
      const { fileName, content, mediaType } = await call('journal.export', { ...query, format });
      downloadFile(fileName, content, `${mediaType};charset=utf-8`);
      notifications.show({ message: `The journal was exported to ${fileName}.` });
    } catch (thrown) {
      const error = toAppError(thrown);
      notifications.show({ color: 'red', title: error.message, message: error.hint });
    } finally {
      setRunning(false);
    }
  };
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon aria-label="Export" title="Export all matching entries" loading={running}>
          <IconDownload size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void run('csv')}>As CSV</Menu.Item>
        <Menu.Item onClick={() => void run('json')}>As JSON</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
