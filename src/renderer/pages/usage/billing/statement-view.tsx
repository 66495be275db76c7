import { IconReceiptOff } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { fromWireInteger, type WireInteger } from '#shared/units.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { EmptyState } from '../../../kit/components/empty-state.tsx';
import { formatCounted } from '../../../kit/components/format.ts';
import { StateBadge } from '../../../kit/components/state-badge.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { useShortcut } from '../../../kit/shortcuts.ts';
import { DetailPanel } from '../../../lists/list-page/detail-panel.tsx';
import { DataTable } from '../../../lists/table/data-table.tsx';
import { useColumnLayout } from '../../../lists/table/use-column-layout.ts';
import { useListAddress } from '../../../lists/table/use-list-address.ts';
import { useLocalRows } from '../shared/local-rows.ts';
import traffic from '../traffic/traffic.module.css';
import usage from '../usage.module.css';
import classes from './billing.module.css';
import { formatMoney } from './money.ts';
import { type Statement, sortUsers, statementColumns } from './statement-columns.tsx';
import { StatementLines } from './statement-lines.tsx';

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
  const opened = statement.users.find(({ userId }) => userId === address.open);
  return (
    <>
      <StatementHead {...props} />
      {statement.state === 'no-data' ? (
        <div className={usage.state}>
          <EmptyState icon={IconReceiptOff} title="No data for this period">
            What was used and stored in {words} is unknown, so there is no amount. Collect its
            statistics while they are on the gateway; sizes are sampled by each refresh.
          </EmptyState>
        </div>
      ) : statement.users.length === 0 ? (
        <div className={usage.state}>
          <EmptyState icon={IconReceiptOff} title="Nothing to charge">
            Nobody used or stored anything in {words}, as far as it is archived.
          </EmptyState>
        </div>
      ) : (
        <div className={traffic.body}>
          <section className={traffic.table} style={{ flex: 1 }} aria-label="Users">
            <UsersTable statement={statement} openId={address.open} onOpen={address.setOpen} />
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
    <section className={traffic.head} aria-label="In short">
      <p className={traffic.sentence}>
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
            <ul className={classes.reasons}>
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

function sumOf(parts: readonly { amount: WireInteger }[]): string {
  return parts.reduce((sum, { amount }) => sum + fromWireInteger(amount), 0n).toString();
}

function finalWords({ coverage }: Statement): string {
  const hours =
    coverage.silentHours === 0
      ? 'Every service hour is archived'
      : coverage.words.replace(/^Complete: |\.$/g, '');
  return `${hours}; sizes were sampled densely enough.`;
}

function UsersTable(props: {
  statement: Statement;
  openId: string | null;
  onOpen(userId: string): void;
}) {
  const { statement } = props;
  const cluster = useCluster();
  const [sort, setSort] = useState({ by: 'amount', descending: true });
  const [active, setActive] = useState(0);
  const sorted = useMemo(() => sortUsers(statement.users, sort), [statement, sort]);
  const columns = useMemo(() => statementColumns(statement), [statement]);
  const rows = useLocalRows(sorted);
  const layout = useColumnLayout(`${cluster.id}/usage-statement`, columns);
  return (
    <DataTable
      label="Users of the statement"
      rows={rows}
      rowId={({ userId }) => userId}
      layout={layout}
      sort={sort}
      onSort={({ sortKey, sortsDescendingFirst = false }) => {
        if (sortKey === undefined) return;
        const descending = sort.by === sortKey ? !sort.descending : sortsDescendingFirst;
        setSort({ by: sortKey, descending });
      }}
      active={Math.min(active, Math.max(0, sorted.length - 1))}
      onActive={setActive}
      openId={props.openId}
      onOpen={(index) => {
        const user = sorted[index];
        setActive(index);
        if (user) props.onOpen(user.userId);
      }}
    />
  );
}
