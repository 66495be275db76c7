import { type Cell, toCsv } from '#shared/csv.ts';
import { fromWireInteger } from '#shared/units.ts';
import { type ColumnKind, toParquet } from '../../platform/files/parquet.ts';
import { canonicalJson } from '../../store/archive/canonical-json.ts';
import type { ExportFormat } from '../export/deliver-file.ts';
import type { StatementLine } from './charges.ts';
import type { Statement } from './statement.ts';
import type { Issued } from './statement-register.ts';

type User = Statement['users'][number];
type Column = [
  name: string,
  kind: ColumnKind,
  read: (line: StatementLine, user: User, statement: Statement) => Cell,
];

const columns: readonly Column[] = [
  ['state', 'text', (_line, _user, { state }) => state],
  ['user_id', 'text', (_line, { userId }) => userId],
  ['email', 'text', (_line, { email }) => email],
  ['item', 'text', ({ item }) => item],
  ['from', 'time', ({ from }) => from],
  ['to', 'time', ({ to }) => to],
  ['quantity', 'integer', ({ quantity }) => fromWireInteger(quantity)],
  ['free', 'integer', ({ free }) => fromWireInteger(free)],
  ['billable', 'integer', ({ billable }) => fromWireInteger(billable)],
  ['billable_units', 'text', ({ billableUnits }) => billableUnits],
  ['unit', 'text', ({ unit }) => unit],
  ['price', 'text', ({ price }) => price],
  ['amount_minor', 'integer', ({ amount }) => fromWireInteger(amount)],
  ['minor_digits', 'integer', (_line, _user, { minorDigits }) => BigInt(minorDigits)],
  ['currency', 'text', (_line, _user, { currency }) => currency],
  ['tariff', 'text', (_line, _user, { tariffId }) => tariffId],
  ['tariff_name', 'text', (_line, _user, { tariffName }) => tariffName],
  ['tariff_version', 'integer', (_line, _user, { tariffVersion }) => tariffVersion],
  ['overlaps', 'text', (_line, _user, { overlaps = [] }) => overlapWords(overlaps)],
];

function overlapWords(overlaps: NonNullable<Statement['overlaps']>): string {
  return overlaps.map(({ words }) => words).join(' ');
}

/** How many lines a statement has. */
export function countLines({ users }: Statement): number {
  return users.reduce((sum, { lines }) => sum + lines.length, 0);
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
  const rows = statement.users.flatMap((user) =>
    user.lines.map((line) => all.map(([, , read]) => read(line, user, statement))),
  );
  const names = all.map(([name]) => name);
  if (format === 'csv') return toCsv({ columns: names, rows });
  const kinds = all.map(([, kind]) => kind);
  return toParquet({
    columns: names,
    kinds,
    rows: rows.map((row) =>
      row.map((cell, index) => (kinds[index] === 'time' ? Date.parse(String(cell)) : cell)),
    ),
  });
}
