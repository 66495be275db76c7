import type { ReactNode } from 'react';
import { fromWireInteger, type WireInteger } from '#shared/units.ts';
import { Bytes } from '../../kit/components/bytes.tsx';
import { formatCount } from '../../kit/components/format.ts';
import { Identifier } from '../../kit/components/identifier.tsx';
import { Time } from '../../kit/components/time.tsx';
import type { DataColumn } from './columns.ts';

type Text = string | null | undefined;

/** The fields of a row that hold such a value. */
type FieldOf<Row, Value> = {
  [Field in keyof Row & string]: Row[Field] extends Value ? Field : never;
}[keyof Row & string];

interface Options<Row> extends Partial<Omit<DataColumn<Row>, 'id' | 'header'>> {
  sorts?: true;
}

function columnOf<Row>(
  field: keyof Row & string,
  header: string,
  own: Pick<DataColumn<Row>, 'width' | 'cell' | 'csv' | 'align' | 'sortsDescendingFirst'>,
  { sorts, ...options }: Options<Row>,
): DataColumn<Row> {
  return { id: field, header, ...own, ...(sorts ? { sortKey: field } : {}), ...options };
}

/** A column whose cell is drawn by hand; it sorts where a `sortKey` is given. */
export function customColumn<Row>(
  id: string,
  header: string,
  options: Omit<DataColumn<Row>, 'id' | 'header'>,
): DataColumn<Row> {
  return { id, header, ...options };
}

/** A column of figures drawn by hand, aligned right. */
export function figureColumn<Row>(
  id: string,
  header: string,
  options: Omit<DataColumn<Row>, 'id' | 'header' | 'align'>,
): DataColumn<Row> {
  return { id, header, align: 'right', ...options };
}

/** A column of a field's text, whole on hover; `cell` may draw it differently. */
export function textColumn<Row>(
  field: FieldOf<Row, Text>,
  header: string,
  options: Options<Row> & { width: number },
): DataColumn<Row> {
  const text = (row: Row): string | null => (row[field] as Text) ?? null;
  const cell = (row: Row): ReactNode => <span title={text(row) ?? undefined}>{text(row)}</span>;
  return columnOf(field, header, { width: options.width, cell, csv: text }, options);
}

/** A column of names that only machines read: monospaced, cut off where the column ends. */
export function codeColumn<Row>(
  field: FieldOf<Row, Text>,
  header: string,
  options: Options<Row> & { width: number },
): DataColumn<Row> {
  const cell = (row: Row): ReactNode => (
    <span className="oc-mono oc-truncate" title={(row[field] as Text) ?? ''}>
      {row[field] as Text}
    </span>
  );
  return textColumn<Row>(field, header, { cell, ...options });
}

/** A column of ids, shortened in the middle and copied whole. The header says what they are. */
export function idColumn<Row>(
  field: FieldOf<Row, Text>,
  header: string,
  options: Options<Row> = {},
): DataColumn<Row> {
  const cell = (row: Row): ReactNode => {
    const id = row[field] as Text;
    return id ? <Identifier value={id} what={header.toLowerCase()} /> : null;
  };
  return textColumn<Row>(field, header, { width: 168, cell, ...options });
}

/** A column of ISO times, newest first. */
export function timeColumn<Row>(
  field: FieldOf<Row, Text>,
  header: string,
  options: Options<Row> = {},
): DataColumn<Row> {
  const time = (row: Row): string | null => (row[field] as Text) ?? null;
  const cell = (row: Row): ReactNode => <Time value={time(row)} />;
  const own = { width: 150, cell, csv: time, sortsDescendingFirst: true };
  return columnOf(field, header, own, options);
}

/**
 * A column of sizes in bytes, largest first.
 * @param options.source where they are from, on hover
 */
export function bytesColumn<Row>(
  field: FieldOf<Row, WireInteger | null>,
  header: string,
  { source, ...options }: Options<Row> & { source?: string } = {},
): DataColumn<Row> {
  const bytes = (row: Row) => row[field] as WireInteger | null;
  const cell = (row: Row): ReactNode => (
    <Bytes value={bytes(row)} {...(source === undefined ? {} : { source })} />
  );
  const csv = (row: Row) => fromWireInteger(bytes(row));
  return columnOf(field, header, { width: 110, align: 'right', cell, csv }, options);
}

/** A column of counts, largest first. */
export function countColumn<Row>(
  field: FieldOf<Row, number | null>,
  header: string,
  options: Options<Row> = {},
): DataColumn<Row> {
  const count = (row: Row) => row[field] as number | null;
  const cell = (row: Row): ReactNode => {
    const value = count(row);
    return value === null ? null : formatCount(value);
  };
  return columnOf(field, header, { width: 84, align: 'right', cell, csv: count }, options);
}
