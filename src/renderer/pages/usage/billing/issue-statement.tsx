import { notifications } from '@mantine/notifications';
import { IconReceipt } from '@tabler/icons-react';
import { Period } from '../../../changes/statements/issued-statement.tsx';
import { SecondaryButton } from '../../../kit/components/buttons.ts';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { formatMoney } from '../../../kit/components/format.ts';
import { Fact, Facts } from '../../../kit/detail/detail.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import { SecondBill } from './payers.tsx';
import type { ClusterStatementInput, Statement } from './statement-columns.tsx';

/** Issues the statement on screen. */
export function IssueButton(props: { input: ClusterStatementInput; statement: Statement }) {
  if (props.statement.total === null) return null;
  return (
    <SecondaryButton
      leftSection={<IconReceipt size={14} />}
      onClick={() => openDialog((close) => <IssueDialog {...props} onClose={close} />)}
    >
      Issue statement
    </SecondaryButton>
  );
}

function IssueDialog(props: {
  input: ClusterStatementInput;
  statement: Statement;
  onClose(): void;
}) {
  const { input, statement, onClose } = props;
  const { total, currency, minorDigits, state, reasons, tariffName, tariffVersion } = statement;
  const call = useConsole();
  const issue = async () => {
    const begun = Date.now();
    const isFinal = state === 'final';
    const issued = await call('statements.issue', { ...input, requireFinal: isFinal });
    notifications.show({
      message:
        Date.parse(issued.issuedAt) < begun - 60_000
          ? `Already issued as ${issued.number}. Later changes are under Issued.`
          : `Issued as ${issued.number}.`,
    });
  };
  return (
    <ConfirmDialog
      verb={state === 'final' ? 'Issue statement' : 'Issue draft'}
      width={520}
      onClose={onClose}
      onConfirm={issue}
    >
      <Facts>
        <Fact name="Total">{formatMoney(total ?? 0, currency, minorDigits)}</Fact>
        <Fact name="Period">
          <Period from={statement.from} to={statement.to} />
        </Fact>
        <Fact name="Tariff">{`${tariffName}, version ${tariffVersion}`}</Fact>
      </Facts>
      <SecondBill statement={statement} onLeave={onClose} />
      {state !== 'final' && (
        <ul className="oc-bare-list" aria-label="Why it is a draft">
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      <p style={{ margin: 0 }}>
        The statement gets a number and is kept with all its lines. It never changes: what arrives
        later is shown as a difference and can be issued as a correction.
      </p>
    </ConfirmDialog>
  );
}
