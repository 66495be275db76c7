import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import type { CallInput } from '#shared/contract/index.ts';
import { toAppError } from '#shared/errors.ts';
import { useConsole } from '../../../api/console-context.tsx';
import { formatCounted } from '../../../components/format.ts';
import { saveExport } from '../shared/save-export.ts';

const formats = [
  ['csv', 'CSV'],
  ['json', 'JSON'],
  ['parquet', 'Parquet'],
] as const;

/** Exports every row of the report on screen to a file. */
export function ReportExport({ input }: { input: CallInput<'usage.report'> }) {
  const call = useConsole();
  const run = async (format: (typeof formats)[number][0]) => {
    try {
      const file = await call('usage.export', { ...input, format });
      saveExport(file);
      notifications.show({
        message: `${formatCounted(file.rows, 'row')} exported to ${file.fileName}.`,
      });
    } catch (thrown) {
      const error = toAppError(thrown);
      notifications.show({ color: 'red', title: error.message, message: error.hint });
    }
  };
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <Tooltip label="Export this report">
          <ActionIcon aria-label="Export this report">
            <IconDownload size={16} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Every row, exact figures</Menu.Label>
        {formats.map(([format, label]) => (
          <Menu.Item key={format} onClick={() => void run(format)}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
