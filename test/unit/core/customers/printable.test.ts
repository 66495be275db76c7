import fonts from 'pdfmake/build/vfs_fonts.js';
import { expect, it } from 'vitest';
import { glyphsOf, withoutShaping } from '#core/customers/documents/plain-font.ts';
import { toPrintable } from '#core/customers/documents/printable.ts';
import {
  type StatementPages,
  statementDocument,
} from '#core/customers/documents/statement-document.ts';

const hasGlyph = glyphsOf(withoutShaping(Buffer.from(fonts['Roboto-Regular.ttf'] ?? '', 'base64')));

it('a font prints Latin, Cyrillic and Greek letters and says of others that it does not', () => {
  for (const letter of 'Ażßéø Ёлка Ωμέγα €“”–') {
    expect([letter, hasGlyph(letter.codePointAt(0) ?? 0)]).toEqual([letter, true]);
  }
  for (const letter of '株式会社 שלום مرحبا 한국 ไทย'.replaceAll(' ', '')) {
    expect([letter, hasGlyph(letter.codePointAt(0) ?? 0)]).toEqual([letter, false]);
  }
});

it('letters that a font lacks become question marks in every text, and that is known', () => {
  const logo = 'data:image/png;base64,株';
  const pages = { name: '株式会社 Müller\nŁódź', lines: [{ of: 'שלום', amount: 5 }], logo };
  expect(toPrintable(pages, hasGlyph)).toEqual({
    value: { name: '???? Müller\nŁódź', lines: [{ of: '????', amount: 5 }], logo },
    lost: true,
  });
  // a letter and its accent apart are one letter
  expect(toPrintable('e\u0301', hasGlyph)).toEqual({ value: 'é', lost: false });
});

it('a document with lost letters says so at its end, and one without does not', () => {
  const statement = {
    ...{ state: 'final', reasons: [], unknown: [], users: [], total: 0, minorDigits: 2 },
    ...{ currency: 'EUR', gigabyte: 'decimal', tariffName: 'Standard', tariffVersion: 1 },
    ...{ from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' },
  };
  const pages = {
    ...{ statement, corrects: null },
    issued: { number: '7', digest: 'abc', issuedAt: '2026-11-02T00:00:00.000Z' },
    provider: { name: '', address: '', taxId: '', logo: null, terms: '' },
  } as unknown as StatementPages;
  const words = 'Letters that this document cannot print';
  expect(JSON.stringify(statementDocument({ ...pages, lettersLost: true }))).toContain(words);
  expect(JSON.stringify(statementDocument(pages))).not.toContain(words);
});
