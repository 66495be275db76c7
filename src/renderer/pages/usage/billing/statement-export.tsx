import { Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconChevronDown, IconDownload, IconLock } from '@tabler/icons-react';
import { toAppError } from '#shared/errors.ts';
import { formatCounted } from '../../../kit/components/format.ts';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import { saveExport } from '../../../lists/table/export-csv.ts';
import { ExportDialog, exportFormats } from '../shared/export-dialog.tsx';
import classes from './billing.module.css';
import type { ClusterStatementInput, Statement } from './statement-columns.tsx';

/** Hands a statement over: as final where it is, else as a draft that says so in its name. */
export function StatementExport(props: { input: ClusterStatementInput; statement: Statement }) {
  const { input, statement } = props;
  const call = useConsole();
  const isFinal = statement.state === 'final';
  if (statement.state === 'no-data') return null;
  const download = async (format: (typeof exportFormats)[number]['value']) => {
    try {
      const file = await call('statements.export', { ...input, format, requireFinal: isFinal });
      saveExport(file);
      notifications.show({
        message: `${formatCounted(file.rows, 'line')} exported to ${file.fileName}.`,
      });
    } catch (thrown) {
      const error = toAppError(thrown);
      notifications.show({ color: 'red', title: error.message, message: error.hint });
    }
  };
  const elsewhere = () =>
    openDialog((close) => (
      <ExportDialog
        what={isFinal ? 'final statement' : 'draft of the statement'}
        run={(format, destination) =>
          call('statements.export', { ...input, format, destination, requireFinal: isFinal })
        }
        onClose={close}
      />
    ));
  return (
    <Menu position="bottom-end" width={300}>
      <Menu.Target>
        <Button
          leftSection={<IconDownload size={14} />}
          rightSection={<IconChevronDown size={14} />}
          variant={isFinal ? 'filled' : 'default'}
        >
          {isFinal ? 'Export final statement' : 'Export draft'}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {!isFinal && (
          <Menu.Label className={classes.notFinal ?? ''}>
            <IconLock size={13} aria-hidden /> A final statement is refused: {statement.reasons[0]}
          </Menu.Label>
        )}
        {exportFormats.map(({ value, label }) => (
          <Menu.Item key={value} onClick={() => void download(value)}>
            {label}
          </Menu.Item>
        ))}
        <Menu.Item onClick={elsewhere}>To a folder or bucket…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
