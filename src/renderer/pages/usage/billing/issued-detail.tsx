import { Button, Group, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconChevronDown, IconDownload } from '@tabler/icons-react';
import type { CallOutput } from '#shared/contract/index.ts';
import { toAppError } from '#shared/errors.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCounted } from '../../../kit/components/format.ts';
import { Identifier } from '../../../kit/components/identifier.tsx';
import { formatMoney, signedMoney } from '../../../kit/components/money.ts';
import { Time } from '../../../kit/components/time.tsx';
import { DetailSection, Facts } from '../../../kit/detail/detail.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import { saveExport } from '../../../lists/table/save-export.ts';
import { ExportDialog } from '../shared/export-dialog.tsx';
import { exportFormats } from '../shared/export-formats.ts';
import { userWords } from '../shared/figures.ts';
import usage from '../usage.module.css';
import classes from './billing.module.css';

type Corrections = CallOutput<'statements.corrections'>;
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
          <Since corrections={corrections.data} />
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

function Head({ kept: { issued, statement } }: { kept: Kept }) {
  const { number, total, currency, minorDigits, digest, state } = issued;
  return (
    <div className={classes.lines}>
      <h2 className={classes.name}>{number}</h2>
      <p className={classes.amount}>
        <strong className="oc-number">{formatMoney(total, currency, minorDigits)}</strong>
      </p>
      <Facts
        items={[
          ['State', state === 'final' ? 'Final' : 'Draft'],
          ['Period', <PeriodWords key="period" {...issued} />],
          ['Tariff', `${issued.tariffName}, version ${issued.tariffVersion}`],
          ['Issued', <IssuedWords key="issued" {...issued} />],
          ['SHA-256', <Identifier key="digest" value={digest} what="digest" length={20} />],
        ]}
      />
      {statement.reasons.map((reason) => (
        <p key={reason} className="oc-caption">
          {reason}
        </p>
      ))}
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

function IssuedWords({ issuedAt, issuedBy }: { issuedAt: string; issuedBy: string }) {
  return (
    <>
      <Time value={issuedAt} /> by {issuedBy}
    </>
  );
}

function Since({ corrections }: { corrections: Corrections }) {
  const { words, changed, users, objectNames, issued } = corrections;
  const { currency, minorDigits } = issued;
  return (
    <>
      {corrections.corrections.map((correction) => (
        <p key={correction.statementId}>
          Corrected by {correction.number}, {formatMoney(correction.total, currency, minorDigits)},{' '}
          <IssuedWords {...correction} />.
        </p>
      ))}
      <p>{corrections.corrections.length > 0 ? `${issued.number}: ${words}` : words}</p>
      {users.length > 0 && (
        <ul className={classes.reasons} aria-label="Users whose amount differs">
          {users.slice(0, mostShown).map(({ userId, email, difference }) => (
            <li key={userId}>
              {userWords(email, userId)}: {signedMoney(difference, currency, minorDigits)}
            </li>
          ))}
          {users.length > mostShown && <li>and {users.length - mostShown} more</li>}
        </ul>
      )}
      {objectNames.length > 0 && (
        <ul className={classes.reasons} aria-label="Statistics objects that differ">
          {objectNames.slice(0, mostShown).map(({ name, change }) => (
            <li key={name} className="oc-mono">
              {name} ({objectWords[change]})
            </li>
          ))}
          {objectNames.length > mostShown && <li>and {objectNames.length - mostShown} more</li>}
        </ul>
      )}
      {changed && <CorrectButton corrections={corrections} />}
    </>
  );
}

const objectWords: Record<Corrections['objectNames'][number]['change'], string> = {
  late: 'late',
  replaced: 'other content',
  gone: 'no longer in the archive',
};

function CorrectButton({ corrections }: { corrections: Corrections }) {
  const cluster = useCluster();
  const call = useConsole();
  const { issued, words, total } = corrections;
  if (total === null) return null;
  const correct = async () => {
    const correction = await call('statements.issue', {
      connectionId: cluster.id,
      corrects: issued.statementId,
    });
    notifications.show({ message: `Issued as ${correction.number}.` });
  };
  return (
    <Button
      mt={8}
      onClick={() =>
        openDialog((close) => (
          <ConfirmDialog
            verb="Issue correction"
            subject={`of ${issued.number}`}
            width={520}
            onConfirm={correct}
            onClose={close}
          >
            <p style={{ margin: 0 }}>
              {words} The correction takes the place of {issued.number} with a total of{' '}
              {formatMoney(total, issued.currency, issued.minorDigits)}; both stay in the register.
            </p>
          </ConfirmDialog>
        ))
      }
    >
      Issue correction
    </Button>
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
