import { includedWords } from '#shared/billing/charges.ts';
import type { StatementFee } from '#shared/billing/fees.ts';
import { amountWords } from '#shared/billing/money.ts';
import { periodWords } from '#shared/billing/period.ts';
import { conflict } from '#shared/errors.ts';
import { fromWireInteger } from '#shared/units.ts';
import { canonicalJson, sha256 } from '../store/archive/file/encodings.ts';
import type { Statement } from '../usage/billing/statement.ts';
import type { BillingInvoice, DraftInvoice, DraftLine } from './port/billing-system.ts';

type Line = Statement['users'][number]['lines'][number];

/** What is charged for, as customers read it. */
export const itemNames: Record<Line['item'], string> = {
  stored: 'Storage',
  downloaded: 'Traffic out',
  uploaded: 'Traffic in',
  put: 'Put operations',
  get: 'Get operations',
  list: 'List operations',
  other: 'Other operations',
};

/** How the lines of an invoice say what they charge for. */
interface LineWords {
  line(line: Line, whose: string, statement: Statement): string;
  fee(fee: StatementFee): string;
}

const feeNames = { base: 'Base fee', minimum: 'Difference to the monthly minimum' } as const;

const printedWords: LineWords = {
  line: (line, whose, statement) => {
    const included = includedWords(line, statement, (text) => text.replace(/\.?0+$/, ''));
    const charged = `${line.billableUnits} ${line.unit}${included && ` (${included})`}`;
    return `${itemNames[line.item]}, ${charged}, ${whose}, ${periodWords(line)}`;
  },
  fee: (fee) => `${feeNames[fee.kind]}, ${periodWords(fee)}`,
};

const day = (time: string): string => time.slice(0, 16).replace('T', ' ').replace(' 00:00', '');
const days = ({ from, to }: { from: string; to: string }): string =>
  `${day(from)} to ${day(to)} UTC`;

/** The words of the first release. References are digests over them: others would find no earlier draft. */
const referenceWords: LineWords = {
  line: (line, whose) =>
    `${itemNames[line.item]}, ${line.billableUnits} ${line.unit}, ${whose}, ${days(line)}`,
  fee: (fee) => `${feeNames[fee.kind]}, ${days(fee)}`,
};

/** The lines of a statement that cost something, one line of the invoice each. */
export function linesOf(statement: Statement, words = printedWords): DraftLine[] {
  const usage = statement.users.flatMap(({ userId, email, lines }) =>
    lines.map((line) => [words.line(line, email || userId, statement), line.amount] as const),
  );
  const fees = (statement.fees ?? []).map((fee) => [words.fee(fee), fee.amount] as const);
  return [...usage, ...fees].flatMap(([description, wire]) => {
    const amount = fromWireInteger(wire);
    return amount === 0n ? [] : [{ description, amount, taxed: true }];
  });
}

/** What a correction was invoiced with before, under earlier numbers. */
export interface BilledBefore {
  /** Numbers of the statements, oldest first. */
  numbers: string[];
  /** Minor units. */
  amount: bigint;
}

/** The one line of a correction: what it comes to beyond what was invoiced before. */
function lineOfDifference(number: string, statement: Statement, before: BilledBefore): DraftLine {
  const { currency, minorDigits, total } = statement;
  const now = fromWireInteger(total ?? 0);
  const words = (amount: bigint): string => amountWords(amount, currency, minorDigits);
  const description = `Correction of ${before.numbers.join(' and ')} by ${number}, ${periodWords(statement)}: ${words(now)} instead of ${words(before.amount)}`;
  return { description, amount: now - before.amount, taxed: true };
}

/**
 * Makes the draft of an issued statement; of a correction, where what it corrects is invoiced, that of
 * the difference. Its reference is a digest over this installation, the client, the statement and its
 * lines, so that the same draft is always found again.
 * @throws AppError `CONFLICT` where the client's currency is another
 */
export function draftOf(of: {
  installation: string;
  statementId: string;
  number: string;
  statement: Statement;
  currency: string | null;
  before?: BilledBefore;
}): DraftInvoice {
  const { installation, statementId, number, statement, currency, before } = of;
  const { customer, from, to, minorDigits, state } = statement;
  if (!customer) throw new Error('Only statements of customers are drafted.');
  if (currency !== null && currency !== statement.currency) {
    throw conflict(
      `The statement is in ${statement.currency}, the client's invoices are in ${currency}.`,
      'Bill this customer by a tariff in its own currency.',
    );
  }
  const whole = linesOf(statement);
  const drafted = linesOf(statement, referenceWords).map(({ description, amount }) => ({
    ...{ description, amount: String(amount) },
  }));
  const client = customer.externalId;
  const identity = canonicalJson({ installation, client, statementId, from, to, lines: drafted });
  const reference = `OC-${sha256(identity).slice(0, 24)}`;
  const notes = [
    `Ref ${reference}`,
    `Statement ${number}, ${periodWords(statement)}${state === 'final' ? '' : ', figures not final'}`,
  ].join('\n');
  const lines = before ? [lineOfDifference(number, statement, before)] : whole;
  const marked = lines.map((line, index) =>
    index === 0 ? { ...line, description: `${line.description} (Ref ${reference})` } : line,
  );
  return {
    customerExternalId: client,
    currency: statement.currency,
    minorDigits,
    lines: marked,
    reference,
    notes,
  };
}

/** Minor units of a decimal text, or null where it has more decimals than the currency. */
export function minorOf(text: string, minorDigits: number): bigint | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (match === null) return null;
  const [, sign, whole = '0', decimals = ''] = match;
  const kept = decimals.replace(/0+$/, '');
  if (kept.length > minorDigits) return null;
  const value = BigInt(whole + kept.padEnd(minorDigits, '0'));
  return sign === '-' ? -value : value;
}

/** Compares an invoice as read back with the draft it was made from; null where they are equal. */
export function compareInvoice(draft: DraftInvoice, invoice: BillingInvoice): string | null {
  const { lines, minorDigits, reference } = draft;
  if (!invoice.notes.includes(reference)) return `Its notes do not hold ${reference}.`;
  if (invoice.lines.length !== lines.length) {
    return `It has ${invoice.lines.length} lines, the statement has ${lines.length}.`;
  }
  const wrong = lines.findIndex(
    ({ amount }, index) => minorOf(invoice.lines[index]?.amount ?? '', minorDigits) !== amount,
  );
  if (wrong >= 0) return `Line ${wrong + 1} has another amount than the statement.`;
  const sum = lines.reduce((total, { amount }) => total + amount, 0n);
  return minorOf(invoice.subtotal, minorDigits) === sum
    ? null
    : `Its subtotal is ${invoice.subtotal}, not that of the statement.`;
}
