import { Group } from '@mantine/core';
import type { CallOutput } from '#shared/contract/index.ts';
import { IssuedFacts, SinceIssued } from '../../../changes/statements/issued-statement.tsx';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCounted, formatMoney, userWords } from '../../../kit/components/format.ts';
import { DetailSection } from '../../../kit/detail/detail.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import { ExportMenu, exportFormats, toElsewhere } from '../../../lists/list-page/export-menu.tsx';
import { ExportDialog } from '../shared/export-dialog.tsx';
import classes from './billing.module.css';

type Kept = CallOutput<'statements.get'>;

const mostShown = 50;

/** One issued statement: record, lines, and what has changed since. */
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
  if (!kept.data) return <div className="oc-state" aria-busy="true" />;
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
      <IssuedFacts kept={kept} />
      <Export statementId={issued.statementId} />
    </div>
  );
}

function Amounts({ kept: { statement } }: { kept: Kept }) {
  const { users, currency, minorDigits } = statement;
  return (
    <ul className="oc-bare-list" aria-label="Amounts as issued">
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

function Export({ statementId }: { statementId: string }) {
  const cluster = useCluster();
  const call = useConsole();
  const input = { connectionId: cluster.id, statementId };
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
      <ExportMenu
        formats={exportFormats}
        run={(format) => call('statements.exportIssued', { ...input, format })}
        further={[toElsewhere(elsewhere)]}
      />
    </Group>
  );
}
