import { describe, expect, it } from 'vitest';
import { toCsv } from '#core/usage/export/csv.ts';

const line = (cell: string | number | bigint | null) =>
  toCsv({ columns: ['a', 'b'], rows: [[cell, 1]] });

describe('toCsv', () => {
  it('is RFC 4180: CRLF, quotes where needed, quotes doubled', () => {
    expect(line('plain')).toBe('a,b\r\nplain,1\r\n');
    expect(line('a,b')).toBe('a,b\r\n"a,b",1\r\n');
    expect(line('say "no"')).toBe('a,b\r\n"say ""no""",1\r\n');
    expect(line('two\nlines')).toBe('a,b\r\n"two\nlines",1\r\n');
    expect(line(null)).toBe('a,b\r\n,1\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '=cmd|"/c calc"!A0'])(
    'defuses %j',
    (cell) => {
      const [, row = ''] = line(cell).split('\r\n', 2);
      expect(row.replace(/^"/, '').startsWith("'")).toBe(true);
    },
  );

  it('leaves numbers as they are, negative and large ones too', () => {
    expect(line(-5)).toBe('a,b\r\n-5,1\r\n');
    expect(line(2n ** 64n)).toBe('a,b\r\n18446744073709551616,1\r\n');
  });
});
