import { amountWords } from '#shared/billing/money.ts';
import type { ParsedInput } from '#shared/contract/index.ts';
import { AppError, toAppError } from '#shared/errors.ts';
import { fromWireInteger } from '#shared/units.ts';
import { canonicalJson, sha256 } from '../store/archive/file/encodings.ts';
import type { Statement } from '../usage/billing/statement.ts';
import { isOwingNothing } from './billed-users.ts';

/** What the preview of a month showed of a customer. */
type Previewed = NonNullable<ParsedInput<'statements.issueAll'>['previewed']>[number];
type Amount = NonNullable<Previewed['amount']>;

/** A digest of what a statement charges: equal where a reader of both would see the same figures. */
export function chargesDigest(statement: Statement): string {
  const { tariffId, tariffVersion, currency, total, users, fees = [] } = statement;
  const charged = users.map(({ connectionId, userId, lines }) => [connectionId, userId, lines]);
  const facts = { tariffId, tariffVersion, currency, total, charged, fees };
  return sha256(canonicalJson(JSON.parse(JSON.stringify(facts))));
}

export function amountOf({ currency, minorDigits, total }: Statement): Amount {
  return { total: total ?? 0, currency, minorDigits };
}

const words = ({ total, currency, minorDigits }: Amount): string =>
  amountWords(fromWireInteger(total), currency, minorDigits);

const review = 'Review the statement of this customer, then issue it.';

function differs(message: string, hint: string = review): AppError {
  return new AppError({ code: 'CONFLICT', message, hint, details: { differs: true } });
}

/** @throws AppError `CONFLICT` where a statement is not the one that was previewed */
function assertAsPreviewed(statement: Statement, previewed: Previewed | undefined): void {
  const now = words(amountOf(statement));
  if (!previewed) {
    throw differs(`It was not in the preview, and its statement comes to ${now}.`);
  }
  const { amount, digest } = previewed;
  if (!amount) {
    throw differs(`The preview showed no statement of it; by now there is one of ${now}.`);
  }
  if (digest === chargesDigest(statement)) return;
  const shown = words(amount);
  throw differs(
    shown === now
      ? `Its lines have changed since the preview; the total is ${now} as before.`
      : `The preview showed ${shown}; by now its statement comes to ${now}.`,
  );
}

/** The rows of a preview, against which the run that follows it is held. */
export class PreviewedRows {
  readonly #rows: ReadonlyMap<string, Previewed>;

  constructor(rows: readonly Previewed[]) {
    this.#rows = new Map(rows.map((row) => [row.customerId, row]));
  }

  /** @throws AppError `CONFLICT` where a statement is not the one that was previewed */
  readonly check = (statement: Statement): void =>
    assertAsPreviewed(statement, this.#rows.get(statement.customer?.customerId ?? ''));

  /** A refusal of what the preview showed a statement of, with what that came to. */
  judge<Value>(customerId: string, outcome: PromiseSettledResult<Value>) {
    const amount = this.#rows.get(customerId)?.amount;
    if (outcome.status === 'fulfilled' || !amount) return outcome;
    return { ...outcome, reason: refusedSince(toAppError(outcome.reason), amount) };
  }

  /** Customers of which the preview showed a statement and who are not among these, with the reason. */
  missing(customers: readonly { customerId: string }[]) {
    const there = new Set(customers.map(({ customerId }) => customerId));
    return [...this.#rows.values()].flatMap(({ customerId, billingId, name, amount }) => {
      if (!amount || there.has(customerId)) return [];
      const reason = owesNothingSince(amount);
      return [{ customer: { customerId, billingId, name }, outcome: rejected(reason) }];
    });
  }
}

const rejected = (reason: AppError) => ({ status: 'rejected', reason }) as const;

function refusedSince(error: AppError, amount: Amount): AppError {
  if (error.details?.differs === true) return error;
  if (isOwingNothing(error)) return owesNothingSince(amount);
  return new AppError({
    ...error.toData(),
    message: `The preview showed ${words(amount)}. ${error.message}`,
    details: { ...error.details, differs: true },
    cause: error,
  });
}

function owesNothingSince(amount: Amount): AppError {
  return differs(
    `The preview showed ${words(amount)}; by now it has no user in this period.`,
    'Look at its users and their history on its page.',
  );
}
