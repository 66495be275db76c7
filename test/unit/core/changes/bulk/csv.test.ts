import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '#core/changes/bulk/csv.ts';

describe('a table', () => {
  it('keeps the line of every record, over quoted line ends and empty lines', () => {
    const text = '\uFEFFemail,note\r\n"a@b","two\nlines"\r\n\r\nc@d,"say ""hi"""\n';
    expect(parseCsv(text)).toEqual([
      { line: 1, cells: ['email', 'note'] },
      { line: 2, cells: ['a@b', 'two\nlines'] },
      { line: 5, cells: ['c@d', 'say "hi"'] },
    ]);
  });

  it.each([',', ';', '\t'])('may be separated by %j', (separator) => {
    const text = [`email${separator}quota_gb`, `a@b${separator}5`].join('\n');
    expect(parseCsv(text)).toEqual([
      { line: 1, cells: ['email', 'quota_gb'] },
      { line: 2, cells: ['a@b', '5'] },
    ]);
  });

  it.each([';', ',', '|', '\t'])('may name its separator %j in its first line', (separator) => {
    const text = `sep=${separator}\r\nemail${separator}note\r\na@b${separator}"x${separator}y"\r\n`;
    expect(parseCsv(text)).toEqual([
      { line: 2, cells: ['email', 'note'] },
      { line: 3, cells: ['a@b', `x${separator}y`] },
    ]);
  });

  it('with an open or continued quote is reported with its line and column', () => {
    expect(parseCsv('email,state\nc@d,"a@b\n')).toEqual({
      line: 2,
      column: 2,
      message: 'A quoted cell is not closed.',
    });
    expect(parseCsv('email\n"a"b\n')).toMatchObject({ line: 2, column: 1 });
  });

  it('of any cells comes back as it was written', () => {
    const cell = fc.string({ unit: fc.constantFrom(...'ab,;"\r\n\t é') });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1 });
    fc.assert(
      fc.property(table, (rows) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const lines = [['email', 'quota_gb'], ...rows].map((row) => row.map(quoted).join(','));
        const records = parseCsv(lines.join('\r\n'));
        const filled = rows.filter((row) => row.some((text) => text.trim() !== ''));
        if (!Array.isArray(records)) throw new Error(records.message);
        expect(records.slice(1).map(({ cells }) => cells)).toEqual(filled);
      }),
    );
  });
});
