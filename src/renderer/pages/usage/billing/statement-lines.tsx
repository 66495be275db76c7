import { Table } from '@mantine/core';
import { Link } from 'react-router';
import { fromWireInteger } from '#shared/units.ts';
import { clusterPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import {
  formatBytes,
  formatCount,
  formatExactBytes,
  formatNumber,
  userWords,
} from '../../../kit/components/format.ts';
import { Identifier } from '../../../kit/components/identifier.tsx';
import { formatLinePrice, formatMoney } from '../../../kit/components/money.ts';
import { Time } from '../../../kit/components/time.tsx';
import classes from './billing.module.css';
import { itemWords, type Statement } from './statement-columns.tsx';

type UserStatement = Statement['users'][number];
type Line = UserStatement['lines'][number];

/** The charges of one user, each with the way to what it was added up from. */
export function StatementLines({ statement, user }: { statement: Statement; user: UserStatement }) {
  const { currency, minorDigits } = statement;
  return (
    <article className={classes.lines}>
      <h2 className={classes.name}>{userWords(user.email, user.userId)}</h2>
      <Identifier value={user.userId} what="user id" length={40} />
      <p className={classes.amount}>
        <strong className="oc-number">{formatMoney(user.amount, currency, minorDigits)}</strong>
      </p>
      <Table fz={12} aria-label="Charges" verticalSpacing={4} horizontalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>For</Table.Th>
            <Table.Th ta="right">Charged</Table.Th>
            <Table.Th ta="right">Price</Table.Th>
            <Table.Th ta="right">{currency}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {user.lines.map((line) => (
            <Table.Tr key={`${line.item} ${line.from} ${line.above}`}>
              <Table.Td>
                <SourcesLink line={line} userId={user.userId} />
                {line.above !== undefined && fromWireInteger(line.above) > 0n && (
                  <div className="oc-caption">above {tierWords(line)}</div>
                )}
                {line.from !== statement.from || line.to !== statement.to ? (
                  <div className="oc-caption">
                    <Time value={line.from} /> to <Time value={line.to} />
                  </div>
                ) : null}
              </Table.Td>
              <Table.Td ta="right" className="oc-number">
                <span title={quantityWords(line)}>{shortUnits(line.billableUnits)}</span>
                <div className="oc-caption">{line.unit}</div>
              </Table.Td>
              <Table.Td ta="right" className="oc-number">
                {formatLinePrice(line.price, statement)}
              </Table.Td>
              <Table.Td ta="right" className="oc-number">
                {formatMoney(line.amount, '', minorDigits).trimEnd()}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <p className="oc-caption">
        Each line is rounded once, with banker’s rounding. Open a line to see what it was added up
        from.
      </p>
    </article>
  );
}

/** Leads to the statistics objects behind a charge, or to the sizes behind what was stored. */
function SourcesLink({ line, userId }: { line: Line; userId: string }) {
  const cluster = useCluster();
  const query = new URLSearchParams({
    period: 'custom',
    from: line.from,
    to: line.to,
    user: userId,
  });
  if (line.item !== 'stored') query.set('by', 'object');
  const path = line.item === 'stored' ? 'usage/storage' : 'usage';
  return <Link to={`${clusterPath(cluster.id, path)}?${query}`}>{itemWords[line.item]}</Link>;
}

/** From where on a tier counts: `1,000 GB`. */
function tierWords({ item, above = 0 }: Line): string {
  const unit = ['stored', 'downloaded', 'uploaded'].includes(item) ? 'GB' : 'operations';
  return `${formatCount(fromWireInteger(above))} ${unit}`;
}

function shortUnits(units: string): string {
  return formatNumber(Number(units), 3);
}

const hourMilliseconds = 3_600_000n;

/** The exact quantity, and how much of it was free. */
function quantityWords({ item, quantity, free }: Line): string {
  const [used, unpaid] = [fromWireInteger(quantity), fromWireInteger(free)];
  const words = (value: bigint) => {
    if (item === 'stored') return `${formatBytes(value / hourMilliseconds)} times hours`;
    if (item === 'uploaded' || item === 'downloaded') return formatExactBytes(value);
    return `${formatCount(value)} operations`;
  };
  return unpaid === 0n ? words(used) : `${words(used)}, of these ${words(unpaid)} free`;
}
