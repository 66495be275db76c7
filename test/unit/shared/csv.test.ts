import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '#core/changes/bulk/csv.ts';
import { byteOrderMark, type Cell, csvCell, toCsv, withoutGuard } from '#shared/csv.ts';

const line = (cell: Cell) => toCsv({ columns: ['a', 'b'], rows: [[cell, 1]] });

describe('a table as CSV', () => {
  it('is RFC 4180 with a byte order mark: CRLF, quotes where needed, quotes doubled', () => {
    expect(line('plain')).toBe('\uFEFFa,b\r\nplain,1\r\n');
    expect(line('a,b')).toBe('\uFEFFa,b\r\n"a,b",1\r\n');
    expect(line('say "no"')).toBe('\uFEFFa,b\r\n"say ""no""",1\r\n');
    expect(line('two\nlines')).toBe('\uFEFFa,b\r\n"two\nlines",1\r\n');
    expect(line(null)).toBe('\uFEFFa,b\r\n,1\r\n');
  });

  it.each([
    ...['=1+1', '+49', '-1', '@SUM(A1)', '\tx', '\rx', '\nx', '=cmd|"/c calc"!A0', '@user, "x"'],
    ...['＝1+1', '＋1', '－1', '＠SUM(A1)'],
  ])('never lets %j run as a formula', (cell) => {
    expect(csvCell(cell).replace(/^"/, '')).toMatch(/^'/);
  });

  it.each(['0012345678901234', '1234567890123456', '12345678901234e5', '8E+15', '007'])(
    'keeps the id %j text in a spreadsheet',
    (id) => {
      expect(csvCell(id)).toBe(`'${id}`);
    },
  );

  it.each([
    ...['2026-10-18', '1-2', '1/2', '3/4/2026', '1.2.2026', '10-oct', 'oct-10', 'MARCH1', 'Sept2'],
    ...[
      'may 2026',
      '1 Okt 2026',
      '12:30',
      '12:30:05',
      '5 pm',
      '1 1/2',
      '1,234',
      '12%',
      '$5',
      '5 €',
    ],
    ...['TRUE', 'false', '#N/A', ' 12', '12 '],
  ])('keeps the name %j, which a spreadsheet takes for something else', (name) => {
    expect(csvCell(name)).toBe(/,/.test(name) ? `"'${name}"` : `'${name}`);
    expect(withoutGuard(`'${name}`)).toBe(name);
  });

  it.each(['may', 'march', 'marta-2', 'v1.2', '10.0.0.1', 'logs-2026-10', 'true-north', '1-a'])(
    'leaves the name %j, which no spreadsheet changes',
    (name) => {
      expect(csvCell(name)).toBe(name);
    },
  );

  it('leaves dates in columns of dates, and guards names in others', () => {
    const row = ['2026-10-18', '2026-10-18', '2026-10-18'];
    expect(toCsv({ columns: ['day', 'bucket', 'valid_from'], rows: [row] })).toBe(
      "\uFEFFday,bucket,valid_from\r\n2026-10-18,'2026-10-18,2026-10-18\r\n",
    );
  });

  it.each(['ca55631f9f3d59dc', '1.0005', '0.25', '2026-11-26T05:00:00.000Z', '12345'])(
    'leaves %j as it is',
    (text) => {
      expect(csvCell(text)).toBe(text);
    },
  );

  it('leaves numbers as they are, negative and large ones too', () => {
    expect(csvCell(-5)).toBe('-5');
    expect(csvCell(2n ** 64n)).toBe('18446744073709551616');
  });

  it('takes no apostrophe away that it did not set', () => {
    expect(withoutGuard("'s Hertogenbosch")).toBe("'s Hertogenbosch");
    expect(withoutGuard("'+49tenant@example.net")).toBe('+49tenant@example.net');
  });

  it('comes back through the importer as it was', () => {
    const cell = fc.string({
      unit: fc.constantFrom(...'=+-@＝\'\t\r\n",;0123456789eE.aé/:%$ maroct'),
    });
    const table = fc.array(fc.tuple(cell, cell), { minLength: 1 });
    fc.assert(
      fc.property(table, (rows) => {
        const records = parseCsv(toCsv({ columns: ['a', 'b'], rows }));
        if (!Array.isArray(records)) throw new Error(records.message);
        const filled = rows.filter((row) => row.some((text) => text.trim() !== ''));
        expect(records.slice(1).map(({ cells }) => cells)).toEqual(filled);
      }),
      { numRuns: 2000 },
    );
  });

  it('begins with the mark alone', () => {
    expect(toCsv({ columns: ['a'], rows: [] })).toBe(`${byteOrderMark}a\r\n`);
  });
});
