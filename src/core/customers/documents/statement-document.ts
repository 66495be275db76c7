import { includedWords } from '#shared/billing/charges.ts';
import { inCurrency, threeDecimals } from '#shared/billing/money.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { fromWireInteger } from '#shared/units.ts';
import type { Statement } from '../../usage/billing/statement.ts';
import { itemNames } from '../draft-lines.ts';
import { type NumberWords, numberWords } from './number-words.ts';

/** Who sends statements: what is on their letterhead. */
export type Provider = CallOutput<'billing.provider'>;

/** What the document of an issued statement is made of. */
export interface StatementPages {
  statement: Statement;
  issued: CallOutput<'statements.issue'>;
  /** Number of the statement that this one corrects. */
  corrects: string | null;
  provider: Provider;
  /** Whether letters that the font lacks are shown as `?`. */
  lettersLost?: boolean;
}

type User = Statement['users'][number];
type Line = User['lines'][number];
type Cell = object | string;

const right = (text: string, more: object = {}): Cell => ({ text, alignment: 'right', ...more });

/** The definition of a statement's PDF for pdfmake. The same input yields the same bytes. */
export function statementDocument(pages: StatementPages): object {
  const { issued, provider, statement } = pages;
  const words = numberWords(statement.language);
  const title = `${issued.corrects === null ? 'Statement' : 'Corrected statement'} ${issued.number}`;
  return {
    pageSize: 'A4',
    pageMargins: [48, 48, 48, 56],
    info: {
      title,
      author: provider.name || 'Ostor Console',
      creationDate: new Date(issued.issuedAt),
      modDate: new Date(issued.issuedAt),
    },
    defaultStyle: { font: 'Roboto', fontSize: 9, lineHeight: 1.2 },
    content: [
      letterhead(pages, title, words),
      ...parties(pages, words),
      ...notice(statement),
      linesTable(statement, words),
      ...footnotes(pages, words),
    ],
    footer: (page: number, count: number) => ({
      margin: [48, 16, 48, 0],
      fontSize: 8,
      color: '#555555',
      columns: [
        [provider.name, issued.number].filter(Boolean).join(' · '),
        right(`Page ${page} of ${count}`),
      ],
    }),
  };
}

function letterhead({ provider, issued }: StatementPages, title: string, words: NumberWords) {
  const { logo, name, address, taxId } = provider;
  const lines = [address, taxId === '' ? '' : `Tax id ${taxId}`].filter((line) => line !== '');
  return {
    columns: [
      [
        ...(logo === null ? [] : [{ image: logo, fit: [160, 60], margin: [0, 0, 0, 6] }]),
        { text: name, bold: true, fontSize: 11 },
        { text: lines.join('\n'), color: '#333333' },
      ],
      [
        right(title, { fontSize: 16, bold: true }),
        right(`Issued ${words.date(issued.issuedAt)}`, { color: '#333333' }),
      ],
    ],
  };
}

function parties({ statement, corrects }: StatementPages, words: NumberWords): object[] {
  const { customer, tariffName, tariffVersion } = statement;
  const whose = customer
    ? [customer.name, customer.email, `Client ${customer.externalId}`]
    : [`${statement.users.length} users`];
  const facts = [
    `Period: ${words.period(statement)} (UTC)`,
    `Tariff: ${tariffName}, version ${tariffVersion}`,
    ...(corrects === null ? [] : [`Takes the place of ${corrects}`]),
  ];
  return [
    {
      margin: [0, 24, 0, 16],
      columns: [
        { text: whose.filter((line) => line !== '').join('\n') },
        { text: facts.join('\n'), alignment: 'right' },
      ],
    },
  ];
}

const unknownWords = {
  traffic: 'Traffic and operations are not in the total: none of their statistics are collected.',
  stored: 'Storage is not in the total: no sizes were sampled.',
} as const;

function notice({ state, reasons, unknown }: Statement): object[] {
  if (state === 'final') return [];
  const text =
    state === 'no-data'
      ? 'No data: what was used and stored is unknown, so there is no amount.'
      : 'Not final: these figures may change.';
  // Sizes that a tariff does not charge for are no matter of the statement.
  const isCharged = (kind: Statement['unknown'][number]): boolean =>
    kind === 'traffic' || reasons.some((reason) => reason.startsWith('Sizes'));
  const missing =
    state === 'no-data' ? [] : unknown.filter(isCharged).map((kind) => unknownWords[kind]);
  return [
    { text, bold: true, color: '#8a4b00' },
    { ul: [...reasons, ...missing], margin: [0, 4, 0, 12], color: '#8a4b00' },
  ];
}

function lineRow(line: Line, statement: Statement, words: NumberWords): Cell[] {
  const { from, to, pricesIn, minorDigits } = statement;
  const isPart = line.from !== from || line.to !== to;
  const tier = line.above && fromWireInteger(line.above) > 0n ? `above ${String(line.above)}` : '';
  const part = isPart ? words.period(line) : '';
  const included = includedWords(line, statement, (text) => words.decimal(threeDecimals(text)));
  const details = [tier, part, included].filter((text) => text !== '').join(', ');
  const price = inCurrency(line.price, pricesIn ? 0 : minorDigits);
  return [
    details === '' ? itemNames[line.item] : `${itemNames[line.item]} (${details})`,
    right(`${words.decimal(threeDecimals(line.billableUnits))} ${line.unit}`),
    right(words.decimal(price)),
    right(words.money(line.amount, minorDigits)),
  ];
}

function userRows(user: User, statement: Statement, words: NumberWords): Cell[][] {
  const clusters = statement.clusters ?? [];
  const cluster = clusters.find(({ connectionId }) => connectionId === user.connectionId);
  const name = [user.email || user.userId, clusters.length > 1 ? cluster?.name : '']
    .filter(Boolean)
    .join(', ');
  const bold = { bold: true, fillColor: '#f2f4f7' };
  const head: Cell[] = [
    { text: name, colSpan: 3, ...bold },
    '',
    '',
    right(words.money(user.amount, statement.minorDigits), bold),
  ];
  return [head, ...user.lines.map((line) => lineRow(line, statement, words))];
}

const monthsWords = (months: string): string => `${months} ${months === '1' ? 'month' : 'months'}`;

const feeNames = { base: 'Base fee', minimum: 'Difference to the monthly minimum' } as const;

function linesTable(statement: Statement, words: NumberWords): object {
  const { currency, minorDigits, total, users, fees = [] } = statement;
  const head = ['Service', 'Quantity', 'Price', currency].map((text, index) =>
    index === 0 ? { text, bold: true } : right(text, { bold: true }),
  );
  const feeRows = fees.map(({ kind, from, price, months, amount }): Cell[] => [
    from === statement.from ? feeNames[kind] : `${feeNames[kind]} (from ${words.moment(from)})`,
    right(monthsWords(words.decimal(threeDecimals(months)))),
    right(words.decimal(price)),
    right(words.money(amount, minorDigits)),
  ]);
  const totalWords = total === null ? 'No data' : `${words.money(total, minorDigits)} ${currency}`;
  return {
    layout: 'lightHorizontalLines',
    table: {
      headerRows: 1,
      dontBreakRows: true,
      widths: ['*', 'auto', 'auto', 'auto'],
      body: [
        head,
        ...users.flatMap((user) => userRows(user, statement, words)),
        ...feeRows,
        [
          { text: 'Total', bold: true, fontSize: 11, colSpan: 2 },
          '',
          right(totalWords, { bold: true, fontSize: 11, colSpan: 2 }),
          '',
        ],
      ],
    },
  };
}

function footnotes(pages: StatementPages, words: NumberWords): object[] {
  const { statement, issued, provider, lettersLost } = pages;
  const { gigabyte, overlaps = [], unmapped = [] } = statement;
  const bytes = gigabyte === 'decimal' ? '1000000000' : String(2 ** 30);
  const notes = [
    `A GB is ${words.decimal(bytes)} bytes. Each line is rounded once, with banker’s rounding. Taxes are not included.`,
    ...overlaps.map((overlap) => overlap.words),
    ...unmapped,
    ...(lettersLost
      ? [
          'Letters that this document cannot print are shown as “?”: the CSV and JSON files have them.',
        ]
      : []),
    `SHA-256 of the statement: ${issued.digest}`,
  ];
  return [
    { text: notes.join('\n'), fontSize: 7.5, color: '#555555', margin: [0, 12, 0, 0] },
    ...(provider.terms === '' ? [] : [{ text: provider.terms, margin: [0, 16, 0, 0] }]),
  ];
}
