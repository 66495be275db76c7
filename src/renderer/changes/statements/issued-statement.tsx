import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconFilePencil } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { periodBounds, periodWords } from '#shared/billing/period.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { customerPath } from '../../kit/addresses.ts';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { formatMoney, signedMoney, userWords } from '../../kit/components/format.ts';
import { Identifier } from '../../kit/components/identifier.tsx';
import { StateBadge } from '../../kit/components/state-badge.tsx';
import { Time } from '../../kit/components/time.tsx';
import { Fact, Facts } from '../../kit/detail/detail.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { openDialog } from '../../kit/stores/dialogs.ts';
import type { RowReading } from '../operation/reading-items.tsx';
import classes from './issued-statement.module.css';

type Corrections = CallOutput<'statements.corrections'>;
type Kept = CallOutput<'statements.get'>;

export type IssuedRow = CallOutput<'statements.issued'>['rows'][number];

/**
 * Returns the menu of issued statements.
 * @param pathOf where one is shown
 */
export function issuedMenu(pathOf: (row: IssuedRow, connectionId: string) => string) {
  return {
    nameOf: ({ number }: IssuedRow) => number,
    reading: (row: IssuedRow, connectionId: string): RowReading => {
      const { number, digest, statementId, customerId, customerName } = row;
      return {
        path: pathOf(row, connectionId),
        copies: {
          ...{ Number: number, Customer: customerName },
          ...{ 'SHA-256': digest, 'Statement id': statementId },
        },
        opens: { 'Open customer': customerId ? customerPath(connectionId, customerId) : null },
      };
    },
  };
}

const mostShown = 50;

/** Shows whether an issued statement is final, and whether it still says what the archives do. */
export function IssuedState({ row }: { row: IssuedRow }) {
  if (row.correctedBy !== null) return <StateBadge tone="idle">Corrected</StateBadge>;
  if (row.change?.changed) {
    return (
      <span title={row.change.words}>
        <StateBadge tone="warning">Changed since</StateBadge>
      </span>
    );
  }
  return row.state === 'final' ? (
    <StateBadge tone="good">Final</StateBadge>
  ) : (
    <StateBadge tone="information" icon={IconFilePencil}>
      Draft
    </StateBadge>
  );
}

/** A period in UTC: the month that it is, with both ends on hover, else both ends. */
export function Period(period: { from: string; to: string }) {
  return (
    <span className="oc-number oc-wraps" data-hint={periodBounds(period)}>
      {periodWords(period)}
    </span>
  );
}

/** Shows what is on record of an issued statement, and why it is a draft if it is one. */
export function IssuedFacts({ kept }: { kept: Kept }) {
  const { issued, statement } = kept;
  return (
    <>
      <Facts>
        <Fact name="State">{issued.state === 'final' ? 'Final' : 'Draft'}</Fact>
        <Fact name="Period">
          <Period {...issued} />
        </Fact>
        <Fact name="Tariff">
          {`${issued.tariffName}, version ${issued.tariffVersion}`}
          {statement.tariffReason && <div className="oc-caption">{statement.tariffReason}</div>}
        </Fact>
        <Fact name="Issued">
          <IssuedWords {...issued} />
        </Fact>
        <Fact name="SHA-256">
          <Identifier value={issued.digest} what="digest" length={20} />
        </Fact>
      </Facts>
      {statement.reasons.map((reason) => (
        <p key={reason} className="oc-caption">
          {reason}
        </p>
      ))}
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

interface SinceIssuedProps {
  corrections: Corrections;
  /** The cluster whose register holds the statement; omitted: that of customers. */
  connectionId?: string;
  /** What is to be done elsewhere when a correction is issued. */
  note?: string;
}

/** Shows what has changed since a statement was issued, and the way to its correction. */
export function SinceIssued({ corrections, ...correct }: SinceIssuedProps) {
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
      <Differing
        label="Users whose amount differs"
        items={users.map(({ userId, email, difference }) => ({
          id: userId,
          words: `${userWords(email, userId)}: ${signedMoney(difference, currency, minorDigits)}`,
        }))}
      />
      <Differing
        label="Statistics objects that differ"
        items={objectNames.map(({ name, change }) => ({
          id: name,
          words: <span className="oc-mono">{`${name} (${objectWords[change]})`}</span>,
        }))}
      />
      {changed && <CorrectButton corrections={corrections} {...correct} />}
    </>
  );
}

const objectWords: Record<Corrections['objectNames'][number]['change'], string> = {
  late: 'late',
  replaced: 'other content',
  gone: 'no longer in the archive',
};

/** The first of many, and how many more there are. */
function Differing({ label, items }: { label: string; items: { id: string; words: ReactNode }[] }) {
  if (items.length === 0) return null;
  return (
    <ul className={classes.list} aria-label={label}>
      {items.slice(0, mostShown).map(({ id, words }) => (
        <li key={id}>{words}</li>
      ))}
      {items.length > mostShown && <li>and {items.length - mostShown} more</li>}
    </ul>
  );
}

function CorrectButton({ corrections, connectionId, note }: SinceIssuedProps) {
  const call = useConsole();
  const { issued, words, total } = corrections;
  if (total === null) return null;
  const correct = async () => {
    const correction = await call('statements.issue', {
      ...(connectionId === undefined ? {} : { connectionId }),
      corrects: issued.statementId,
    });
    notifications.show({ message: `Issued as ${correction.number}.` });
  };
  const open = () =>
    openDialog((close) => (
      <ConfirmDialog
        verb="Issue correction"
        subject={`of ${issued.number}`}
        width={520}
        onConfirm={correct}
        onClose={close}
      >
        <p className="oc-flush">
          {words} The correction takes the place of {issued.number} with a total of{' '}
          {formatMoney(total, issued.currency, issued.minorDigits)}; both stay in the register.
          {note && ` ${note}`}
        </p>
      </ConfirmDialog>
    ));
  return (
    <Button size="compact-sm" mt={8} onClick={open}>
      Issue correction
    </Button>
  );
}
