import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import type { CallInput } from '#shared/contract/index.ts';
import { toAppError } from '#shared/errors.ts';
import { formatCounted } from '../../../kit/components/format.ts';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import { saveExport } from '../../../lists/table/save-export.ts';
import { ExportDialog } from '../shared/export-dialog.tsx';
import { type ExportFormat, exportFormats } from '../shared/export-formats.ts';

const datasetWords = {
  format: 'parquet',
  explanation:
    'Every archived counter of the period as Parquet, one folder a day (connection=/year=/month=/day=), for Trino, Spark or DuckDB. Files that are there are replaced.',
  done: 'The export runs; its progress is at the bottom right.',
} as const;

/** Exports every row of the report on screen, or the counters behind it as a dataset. */
export function ReportExport({ input }: { input: CallInput<'usage.report'> }) {
  const call = useConsole();
  const { connectionId, from, to } = input;
  const download = async (format: ExportFormat) => {
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
  const elsewhere = () =>
    openDialog((close) => (
      <ExportDialog
        what="report"
        run={(format, destination) => call('usage.export', { ...input, format, destination })}
        onClose={close}
      />
    ));
  const dataset = () =>
    openDialog((close) => (
      <ExportDialog
        what="dataset"
        fixed={datasetWords}
        run={(_, destination) =>
          call('usage.exportDataset', { connectionId, from, to, destination })
        }
        onClose={close}
      />
    ));
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <Tooltip label="Export this report">
          <ActionIcon aria-label="Export this report">
            <IconDownload size={16} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Every row, exact figures</Menu.Label>
        {exportFormats.map(({ value, label }) => (
          <Menu.Item key={value} onClick={() => void download(value)}>
            {label}
          </Menu.Item>
        ))}
        <Menu.Item onClick={elsewhere}>To a folder or bucket…</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={dataset}>Dataset of all counters…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
