import { Button, Group, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconChevronDown, IconDownload } from '@tabler/icons-react';
import type { CallOutput } from '#shared/contract/index.ts';
import { toAppError } from '#shared/errors.ts';
import { IssuedFacts, SinceIssued } from '../../../changes/statements/issued-statement.tsx';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCounted, formatMoney, userWords } from '../../../kit/components/format.ts';
import { Time } from '../../../kit/components/time.tsx';
import { DetailSection } from '../../../kit/detail/detail.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import { saveExport } from '../../../lists/table/export-csv.ts';
import { ExportDialog, exportFormats } from '../shared/export-dialog.tsx';
import usage from '../usage.module.css';
import classes from './billing.module.css';

type Kept = CallOutput<'statements.get'>;

const mostShown = 50;

/** One issued statement: what is on record of it, its lines, and what has changed since. */
export function IssuedDetail({ statementId }: { statementId: string }) {
  const cluster = useCluster();
  const input = { connectionId: cluster.id, statementId };
  const kept = useCall('statements.get', input);
  const corrections = useCall('statements.corrections', input);
  const error = kept.error ?? corrections.error;
  if (error) {
    return (
      <div className={classes.lines}>
        <ErrorPanel
          error={error}
          compact
          onRetry={() => void Promise.all([kept.refetch(), corrections.refetch()])}
        />
      </div>
    );
  }
  if (!kept.data) return <div className={usage.state} aria-busy="true" />;
  return (
    <article>
      <Head kept={kept.data} />
      <DetailSection title="Since it was issued">
        {corrections.data ? (
          <SinceIssued corrections={corrections.data} connectionId={cluster.id} />
        ) : (
          <span className="oc-dimmed">Comparing…</span>
        )}
      </DetailSection>
      <DetailSection
        title="Amounts as issued"
        aside={formatCounted(kept.data.statement.users.length, 'user')}
      >
        <Amounts kept={kept.data} />
      </DetailSection>
    </article>
  );
}

function Head({ kept }: { kept: Kept }) {
  const { issued } = kept;
  const { number, total, currency, minorDigits } = issued;
  return (
    <div className={classes.lines}>
      <h2 className={classes.name}>{number}</h2>
      <p className={classes.amount}>
        <strong className="oc-number">{formatMoney(total, currency, minorDigits)}</strong>
      </p>
      <IssuedFacts kept={kept} period={<PeriodWords {...issued} />} />
      <ExportMenu statementId={issued.statementId} />
    </div>
  );
}

function PeriodWords({ from, to }: { from: string; to: string }) {
  return (
    <>
      <Time value={from} /> to <Time value={to} />
    </>
  );
}

function Amounts({ kept: { statement } }: { kept: Kept }) {
  const { users, currency, minorDigits } = statement;
  return (
    <ul className={classes.reasons} aria-label="Amounts as issued">
      {users.slice(0, mostShown).map(({ userId, email, amount, lines }) => (
        <li key={userId}>
          {userWords(email, userId)}: {formatMoney(amount, currency, minorDigits)},{' '}
          {formatCounted(lines.length, 'line')}
        </li>
      ))}
      {users.length > mostShown && (
        <li>and {formatCounted(users.length - mostShown, 'more user')}, in the export</li>
      )}
    </ul>
  );
}

function ExportMenu({ statementId }: { statementId: string }) {
  const cluster = useCluster();
  const call = useConsole();
  const input = { connectionId: cluster.id, statementId };
  const download = async (format: (typeof exportFormats)[number]['value']) => {
    try {
      const file = await call('statements.exportIssued', { ...input, format });
      saveExport(file);
      notifications.show({ message: `Exported to ${file.fileName}.` });
    } catch (thrown) {
      const error = toAppError(thrown);
      notifications.show({ color: 'red', title: error.message, message: error.hint });
    }
  };
  const elsewhere = () =>
    openDialog((close) => (
      <ExportDialog
        what="issued statement"
        run={(format, destination) =>
          call('statements.exportIssued', { ...input, format, destination })
        }
        onClose={close}
      />
    ));
  return (
    <Group mt={12}>
      <Menu position="bottom-start" width={240}>
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<IconDownload size={14} />}
            rightSection={<IconChevronDown size={14} />}
          >
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {exportFormats.map(({ value, label }) => (
            <Menu.Item key={value} onClick={() => void download(value)}>
              {label}
            </Menu.Item>
          ))}
          <Menu.Item onClick={elsewhere}>To a folder or bucket…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
