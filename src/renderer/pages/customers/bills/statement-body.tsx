import type { CallOutput } from '#shared/contract/index.ts';
import {
  ChargedQuantity,
  feeWords,
  itemWords,
  SourcesLink,
  tierWords,
} from '../../../changes/statements/charged-item.tsx';
import { Period } from '../../../changes/statements/issued-statement.tsx';
import { TariffLink } from '../../../changes/statements/tariff-link.tsx';
import { TinyButton } from '../../../kit/components/buttons.ts';
import { formatDay, formatLinePrice, formatMoney } from '../../../kit/components/format.ts';
import table from '../../../kit/components/plain-table.module.css';
import classes from '../shared/customers.module.css';

export type Statement = CallOutput<'statements.make'>;

/**
 * Users, lines and fees of a statement; each line leads to what it was added up from, fees and included
 * amounts to the tariff.
 */
export function StatementBody({ statement }: { statement: Statement }) {
  const { currency, minorDigits, users, fees = [], clusters = [] } = statement;
  const begun = fees.map((fee) => fee.from).toSorted()[0];
  const money = (amount: number | string) => formatMoney(amount, '', minorDigits).trimEnd();
  return (
    <table className={table.table} aria-label="Charges">
      <thead>
        <tr>
          <th>For</th>
          <th className={table.figure}>Charged</th>
          <th className={table.figure}>Price</th>
          <th className={table.figure}>{currency}</th>
        </tr>
      </thead>
      <tbody>
        {users.map((user) => [
          <tr key={`${user.connectionId}/${user.userId}`}>
            <td colSpan={3}>
              <strong>{user.email || user.userId}</strong>{' '}
              <span className="oc-dimmed">
                {clusters.find(({ connectionId }) => connectionId === user.connectionId)?.name}
              </span>
            </td>
            <td className={table.figure}>
              <strong>{money(user.amount)}</strong>
            </td>
          </tr>,
          ...user.lines.map((line) => (
            <tr key={`${user.userId} ${line.item} ${line.from} ${line.above}`}>
              <td>
                {user.connectionId === undefined ? (
                  itemWords[line.item]
                ) : (
                  <SourcesLink {...{ line, user, statement }} connectionId={user.connectionId} />
                )}
                {line.above !== undefined && String(line.above) !== '0' && (
                  <span className="oc-dimmed"> above {tierWords(line)}</span>
                )}
                {(line.from !== statement.from || line.to !== statement.to) && (
                  <div className="oc-caption">
                    <Period from={line.from} to={line.to} />
                  </div>
                )}
              </td>
              <td className={table.figure}>
                <ChargedQuantity
                  line={line}
                  statement={statement}
                  toIncluded={(words) => <TariffLink statement={statement}>{words}</TariffLink>}
                />
              </td>
              <td className={table.figure}>{formatLinePrice(line.price, statement)}</td>
              <td className={table.figure}>{money(line.amount)}</td>
            </tr>
          )),
        ])}
        {fees.map((fee, index) => (
          <tr key={`${fee.kind} ${fee.from}`}>
            <td colSpan={2}>
              <TariffLink statement={statement}>{feeWords[fee.kind]}</TariffLink>
              {fee.from !== statement.from && (
                <span className="oc-dimmed">
                  {' '}
                  from {formatDay(fee.from, 'utc')},{' '}
                  {fee.from === begun ? 'when its first service or user began' : 'at new prices'}
                </span>
              )}
              {statement.feesAssumed && index === 0 && (
                <div className="oc-caption">
                  Assumed for the whole period: no service says when it was registered, and no
                  reading of the cluster is from before. Map its users to their services.
                </div>
              )}
            </td>
            <td className={table.figure}>{formatLinePrice(fee.price, statement)}</td>
            <td className={table.figure}>{money(fee.amount)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Held-back lines that an operator accepted: who, and why. */
export function AcceptedLines(props: {
  held: Statement['held'];
  /** Omitted: the statement is issued. */
  onWithdraw?(line: NonNullable<Statement['held']>[number]): void;
}) {
  const { held = [], onWithdraw } = props;
  const accepted = held.filter((line) => line.accepted);
  if (accepted.length === 0) return null;
  return (
    <ul className={classes.reasons} aria-label="Accepted lines">
      {accepted.map((line) => (
        <li key={`${line.connectionId} ${line.userId} ${line.item}`}>
          {/* statements issued earlier end with what was to be done then */}
          {line.words.replace(': look at it, then accept it.', '.')} Accepted by {line.accepted?.by}
          : {line.accepted?.reason}{' '}
          {onWithdraw && <TinyButton onClick={() => onWithdraw(line)}>Withdraw</TinyButton>}
        </li>
      ))}
    </ul>
  );
}
