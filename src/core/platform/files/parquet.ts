import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import type { Cell, ExportTable } from '#shared/csv.ts';

/** How a column is stored. `text` and `integer` may hold nulls; `time` is milliseconds or ISO 8601. */
export type ColumnKind = 'text' | 'integer' | 'wide-integer' | 'time' | 'boolean';

/** A table with typed columns. */
export interface TypedTable extends ExportTable {
  kinds: readonly ColumnKind[];
}

function toColumn(name: string, kind: ColumnKind, cells: Cell[]): ColumnSource {
  const nullable = cells.includes(null);
  switch (kind) {
    case 'text':
      return { name, data: cells as (string | null)[], type: 'STRING', nullable };
    case 'boolean':
      return { name, data: cells as (boolean | null)[], type: 'BOOLEAN', nullable };
    case 'time': {
      const data = cells.map((cell) =>
        cell === null ? null : new Date(typeof cell === 'string' ? cell : Number(cell)),
      );
      return { name, data, type: 'TIMESTAMP', nullable };
    }
    default: {
      const data = cells.map((cell) => (cell === null ? null : BigInt(cell)));
      return { name, data, type: 'INT64', nullable };
    }
  }
}

const int64Max = 2n ** 63n - 1n;

/** Sums past 64 bits have no integer column in Parquet: such a column is written as text. */
function fits(cells: readonly Cell[]): boolean {
  return cells.every((cell) => typeof cell !== 'bigint' || (cell <= int64Max && cell >= -int64Max));
}

/** A table as a Parquet file (Snappy). Integers are 64 bits wide; a column that needs more is text. */
export function toParquet({ columns, kinds, rows }: TypedTable): Uint8Array {
  const columnData = columns.map((name, index) => {
    const cells = rows.map((row) => row[index] ?? null);
    const kind = kinds[index] ?? 'text';
    if (kind === 'integer' && !fits(cells)) {
      const digits = cells.map((cell) => (cell === null ? null : String(cell)));
      return toColumn(name, 'text', digits);
    }
    return toColumn(name, kind, cells);
  });
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
