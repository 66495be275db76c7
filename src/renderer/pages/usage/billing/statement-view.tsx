import { IconReceiptOff } from '@tabler/icons-react';
import { useMemo } from 'react';
import { fromWireInteger, type WireInteger } from '#shared/units.ts';
import {
  ChargedQuantity,
  SourcesLink,
  tierWords,
} from '../../../changes/statements/charged-item.tsx';
import { Period } from '../../../changes/statements/issued-statement.tsx';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { EmptyState } from '../../../kit/components/empty-state.tsx';
import {
  formatCounted,
  formatLinePrice,
  formatMoney,
  userWords,
} from '../../../kit/components/format.ts';
import { Identifier } from '../../../kit/components/identifier.tsx';
import { PlainTable } from '../../../kit/components/plain-table.tsx';
import { StateBadge } from '../../../kit/components/state-badge.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { useShortcut } from '../../../kit/shortcuts.ts';
import { DetailPanel } from '../../../lists/list-page/detail-panel.tsx';
import { LocalTable } from '../../../lists/table/local-table.tsx';
import { useListAddress } from '../../../lists/table/use-list-address.ts';
import usage from '../shared/usage.module.css';
import classes from './billing.module.css';
import { differenceWords, payersWords, usePayers } from './payers.tsx';
import { type Statement, sortUsers, statementColumns } from './statement-columns.tsx';

/** A statement: total and state, a row a user, the lines of the one that is open. */
export function StatementView(props: {
  statement: Statement;
  words: string;
  /** When the archive begins, where that is within the period. */
  since: string | null;
}) {
  const { statement, words } = props;
  const address = useListAddress([]);
  useShortcut('Escape', () => address.setOpen(null), address.open !== null);
  const columns = useMemo(() => statementColumns(statement), [statement]);
  const opened = statement.users.find(({ userId }) => userId === address.open);
  return (
    <>
      <StatementHead {...props} />
      {statement.state === 'no-data' ? (
        <div className="oc-state">
          <EmptyState icon={IconReceiptOff} title="No data for this period">
            What was used and stored in {words} is unknown, so there is no amount. Collect its
            statistics while they are on the gateway; sizes are sampled by each refresh.
          </EmptyState>
        </div>
      ) : statement.users.length === 0 ? (
        <div className="oc-state">
          <EmptyState icon={IconReceiptOff} title="Nothing to charge">
            {nobodyWords(statement, words)}
          </EmptyState>
        </div>
      ) : (
        <div className={usage.body}>
          <section className={usage.table} style={{ flex: 1 }} aria-label="Users">
            <LocalTable
              tableId="usage-statement"
              label="Users of the statement"
              rows={statement.users}
              columns={columns}
              rowId={({ userId }) => userId}
              defaultSort={{ by: 'amount', descending: true }}
              sorted={sortUsers}
              openId={address.open}
              onOpen={({ userId }) => address.setOpen(userId)}
            />
          </section>
          {opened && (
            <DetailPanel
              label="Details of the statement"
              onMove={(step) => {
                const at = statement.users.indexOf(opened) + step;
                const next = statement.users[at];
                if (next) address.setOpen(next.userId);
              }}
              onClose={() => address.setOpen(null)}
            >
              <StatementLines statement={statement} user={opened} />
            </DetailPanel>
          )}
        </div>
      )}
    </>
  );
}

function StatementHead(props: { statement: Statement; words: string; since: string | null }) {
  const { statement, words, since } = props;
  const { currency, minorDigits, total, users, state, reasons, tariffName, fees = [] } = statement;
  return (
    <section className={usage.head} aria-label="In short">
      <p className={usage.sentence}>
        <strong className="oc-number">
          {total === null ? 'No data' : formatMoney(total, currency, minorDigits)}
        </strong>{' '}
        for {words}, {total === null ? '' : `${formatCounted(users.length, 'user')}, `}by{' '}
        {tariffName} version {statement.tariffVersion}.
      </p>
      {fees.length > 0 && (
        <span>
          Includes {formatMoney(sumOf(fees), currency, minorDigits)} of base fees and minimums.
        </span>
      )}
      <div className={classes.state}>
        {state === 'final' ? (
          <>
            <StateBadge tone="good">Final</StateBadge>
            <span>{finalWords(statement)}</span>
          </>
        ) : (
          <>
            <StateBadge tone="warning">
              {state === 'no-data' ? 'No data' : 'Draft, not final'}
            </StateBadge>
            <ul className="oc-bare-list">
              {reasons.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          </>
        )}
      </div>
      {since !== null && (
        <span>
          The archive begins <Time value={since} />; what was used before is not charged.
        </span>
      )}
      <PaidElsewhere statement={statement} />
      {(statement.overlaps ?? []).map(({ at, words: overlap }) => (
        <span key={at} className="oc-caption">
          {overlap}
        </span>
      ))}
      <span className="oc-caption">
        From {formatCounted(statement.sources.objects, 'statistics object')}, SHA-256 over their
        names and contents <span className="oc-mono">{statement.sources.digest.slice(0, 16)}…</span>
      </span>
    </section>
  );
}

/** Says of which users a customer’s statement bills the same. */
function PaidElsewhere({ statement }: { statement: Statement }) {
  const payers = usePayers(statement);
  if (!payers || payers.customers === 0) return null;
  return (
    <span>
      <StateBadge tone="warning">Billed elsewhere</StateBadge> {payersWords(payers)}.{' '}
      {differenceWords(statement, payers)}
    </span>
  );
}

function sumOf(parts: readonly { amount: WireInteger }[]): string {
  return parts.reduce((sum, { amount }) => sum + fromWireInteger(amount), 0n).toString();
}

/** Explains missing lines: what is not on record is unknown, not zero. */
function nobodyWords({ unknown, state }: Statement, words: string): string {
  if (unknown.includes('traffic')) {
    return `Nobody stored anything in ${words}; what was used is unknown: nothing of it is collected.`;
  }
  if (unknown.includes('stored')) {
    return `Nobody used anything in ${words}; what was stored is unknown: no sizes were sampled.`;
  }
  const extent = state === 'final' ? '' : ', as far as it is archived';
  return `Nobody used or stored anything in ${words}${extent}.`;
}

function finalWords({ coverage }: Statement): string {
  const hours =
    coverage.silentHours === 0
      ? 'Every gateway hour is archived'
      : coverage.words.replace(/^Complete: |\.$/g, '');
  return `${hours}; sizes were sampled often enough.`;
}

type UserStatement = Statement['users'][number];

/** The charges of one user, each with the way to what it was added up from. */
function StatementLines({ statement, user }: { statement: Statement; user: UserStatement }) {
  const cluster = useCluster();
  const { currency, minorDigits } = statement;
  return (
    <article className={classes.lines}>
      <h2 className={classes.name}>{userWords(user.email, user.userId)}</h2>
      <Identifier value={user.userId} what="user id" length={40} />
      <p className={classes.amount}>
        <strong className="oc-number">{formatMoney(user.amount, currency, minorDigits)}</strong>
      </p>
      <PlainTable
        label="Charges"
        rows={user.lines}
        rowKey={(line) => `${line.item} ${line.from} ${line.above}`}
        columns={[
          [
            'For',
            (line) => (
              <>
                <SourcesLink {...{ line, user, statement }} connectionId={cluster.id} />
                {line.above !== undefined && fromWireInteger(line.above) > 0n && (
                  <div className="oc-caption">above {tierWords(line)}</div>
                )}
                {(line.from !== statement.from || line.to !== statement.to) && (
                  <div className="oc-caption">
                    <Period from={line.from} to={line.to} />
                  </div>
                )}
              </>
            ),
          ],
          ['Charged', (line) => <ChargedQuantity line={line} statement={statement} />, 'figure'],
          ['Price', ({ price }) => formatLinePrice(price, statement), 'figure'],
          [currency, ({ amount }) => formatMoney(amount, '', minorDigits).trimEnd(), 'figure'],
        ]}
      />
      <p className="oc-caption">
        Each line is rounded once, with banker’s rounding. Open a line to see what it was added up
        from.
      </p>
    </article>
  );
}
