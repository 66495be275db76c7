import { lineUnits, type StatementLine } from '#shared/billing/charges.ts';
import type { StatementFee } from '#shared/billing/fees.ts';
import { amountDecimal, inCurrency } from '#shared/billing/money.ts';
import { periodFileName } from '#shared/billing/period.ts';
import { type Cell, toCsv } from '#shared/csv.ts';
import { exportName } from '#shared/plain-text.ts';
import { fromWireInteger, type WireInteger } from '#shared/units.ts';
import { type ColumnKind, toParquet } from '../../platform/files/parquet.ts';
import { canonicalJson } from '../../store/archive/file/encodings.ts';
import type { ExportFormat } from '../export/deliver-file.ts';
import type { Statement } from './statement.ts';
import type { Issued } from './statement-register.ts';

type User = Statement['users'][number];
/** A line of the table: a charge for usage, or a fee; without figures where the statement has no data. */
type Line = Pick<StatementLine, 'from' | 'to'> &
  Partial<Omit<StatementLine, 'item' | 'unit'> & { item: string; unit: string }>;
type Column = [
  name: string,
  kind: ColumnKind,
  read: (line: Line, user: User, statement: Statement) => Cell,
];

const columns: readonly Column[] = [
  ['state', 'text', (_line, _user, { state }) => state],
  ['user_id', 'text', (_line, { userId }) => userId],
  ['email', 'text', (_line, { email }) => email],
  ['item', 'text', ({ item = null }) => item],
  ['from', 'time', ({ from }) => from],
  ['to', 'time', ({ to }) => to],
  ['quantity', 'integer', ({ quantity }) => integer(quantity)],
  ['free', 'integer', ({ free }) => integer(free)],
  ['billable', 'integer', ({ billable }) => integer(billable)],
  ['billable_units', 'text', ({ billableUnits = null }) => billableUnits],
  ['unit', 'text', ({ unit = null }) => unit],
  [
    'price',
    'text',
    ({ price = null }, _user, { pricesIn, minorDigits }) =>
      price === null || pricesIn === 'currency' ? price : inCurrency(price, minorDigits),
  ],
  [
    'amount',
    'text',
    ({ amount }, _user, { minorDigits }) =>
      amount === undefined ? null : amountDecimal(amount, minorDigits),
  ],
  ['amount_minor', 'integer', ({ amount }) => integer(amount)],
  ['minor_digits', 'integer', (_line, _user, { minorDigits }) => BigInt(minorDigits)],
  ['currency', 'text', (_line, _user, { currency }) => currency],
  ['tariff', 'text', (_line, _user, { tariffId }) => tariffId],
  ['tariff_name', 'text', (_line, _user, { tariffName }) => tariffName],
  ['tariff_version', 'integer', (_line, _user, { tariffVersion }) => tariffVersion],
  ['overlaps', 'text', (_line, _user, { overlaps = [] }) => overlapWords(overlaps)],
  ['used_units', 'text', (line, _user, of) => unitsOf(line, of)?.used ?? null],
  ['included_units', 'text', (line, _user, of) => unitsOf(line, of)?.included ?? null],
];

/** Nothing of a fee, and of a statement without data. */
function unitsOf(line: Line, statement: Statement) {
  const isUsage = line.unit !== undefined && line.unit !== 'month';
  return isUsage ? lineUnits(line as StatementLine, statement) : null;
}

function integer(value: WireInteger | undefined): bigint | null {
  return value === undefined ? null : fromWireInteger(value);
}

function overlapWords(overlaps: NonNullable<Statement['overlaps']>): string {
  return overlaps.map(({ words }) => words).join(' ');
}

function feeLine({ kind, months, ...fee }: StatementFee): Line {
  const item = kind === 'base' ? 'base fee' : 'minimum';
  const unit = 'month';
  return { ...fee, item, quantity: 0, free: 0, billable: 0, billableUnits: months, unit };
}

export function countLines({ users, fees = [] }: Statement): number {
  return users.reduce((sum, { lines }) => sum + lines.length, fees.length);
}

/** Returns a statement of a cluster as a file, named for cluster, users, period and state. */
export function statementFile(
  statement: Statement,
  format: ExportFormat,
  about: { clusterName: string; whose: string | null; issued?: Issued },
) {
  const { clusterName, whose, issued } = about;
  const period = periodFileName(statement);
  const parts = ['statement', issued?.number, clusterName, whose, period, statement.state];
  return {
    fileName: exportName(parts, format),
    format,
    rows: countLines(statement),
    content: statementContent(statement, format, issued),
  };
}

/**
 * A statement as a file: the whole as canonical JSON, or its lines as a table.
 * @param issued its place in the register: then each line carries its number
 */
export function statementContent(
  statement: Statement,
  format: ExportFormat,
  issued?: Issued,
): string | Uint8Array {
  if (format === 'json') return `${canonicalJson(issued ? { ...statement, issued } : statement)}\n`;
  const all: readonly Column[] = issued
    ? [['number', 'text', () => issued.number], ...columns]
    : columns;
  const rowOf = (line: Line, user: User) => all.map(([, , read]) => read(line, user, statement));
  const fees = (statement.fees ?? []).map((fee) => {
    const { userId = '' } = fee;
    const { email = null } = statement.users.find((user) => user.userId === userId) ?? {};
    return rowOf(feeLine(fee), { userId, email, lines: [], amount: 0 });
  });
  const { from, to, state } = statement;
  const nobody = { userId: '', email: null, lines: [], amount: 0 };
  const rows = [
    ...statement.users.flatMap((user) => user.lines.map((line) => rowOf(line, user))),
    ...fees,
    // A table of no rows would read like one of nothing to pay.
    ...(state === 'no-data' ? [rowOf({ from, to }, nobody)] : []),
  ];
  const names = all.map(([name]) => name);
  if (format === 'csv') return toCsv({ columns: names, rows });
  const kinds = all.map(([, kind]) => kind);
  return toParquet({ columns: names, kinds, rows });
}
