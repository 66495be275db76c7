import { Menu } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import { ExportMenu, exportFormats } from '../../../lists/list-page/export-menu.tsx';
import { ExportDialog } from '../shared/export-dialog.tsx';
import classes from './billing.module.css';
import type { ClusterStatementInput, Statement } from './statement-columns.tsx';

/** Hands a statement over: as final where it is, else as a draft that says so in its name. */
export function StatementExport(props: { input: ClusterStatementInput; statement: Statement }) {
  const { input, statement } = props;
  const call = useConsole();
  const isFinal = statement.state === 'final';
  if (statement.state === 'no-data') return null;
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
    <ExportMenu
      label={isFinal ? 'Export final statement' : 'Export draft'}
      variant={isFinal ? 'filled' : 'default'}
      heading={
        !isFinal && (
          <span className={classes.notFinal}>
            <IconLock size={13} aria-hidden /> A final statement is refused: {statement.reasons[0]}
          </span>
        )
      }
      formats={exportFormats}
      counts="line"
      run={(format) => call('statements.export', { ...input, format, requireFinal: isFinal })}
    >
      <Menu.Item onClick={elsewhere}>To a folder or bucket…</Menu.Item>
    </ExportMenu>
  );
}
