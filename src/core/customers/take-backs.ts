import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { conflict, notFound } from '#shared/errors.ts';
import { operatorName } from '../changes/journal/journal.ts';
import type { EventBus } from '../platform/events.ts';
import type { Statement } from '../usage/billing/statement.ts';
import { hoursOf } from '../usage/coverage/report-period.ts';
import { chargesDigest } from './as-previewed.ts';
import type { CustomerBills } from './bills.ts';
import type { CustomerRegister } from './customer-register.ts';
import { unknownCustomer } from './customers.ts';
import { takenBack, takenBackWords } from './handed-over.ts';
import type { AcceptedLine, Decision } from './store/accepted-lines.ts';
import type { BilledCustomer } from './store/billed-customers.ts';
import { wholeUser } from './store/handed-over.ts';

type Asked = ParsedInput<'statements.previewTakeBack'>;
type Preview = CallOutput<'statements.previewTakeBack'>;
type Issued = CallOutput<'statements.issue'>;

/** A statement that bills a user which nobody has, and the decision to take that back. */
interface Found {
  issued: Issued;
  billed: BilledCustomer;
  line: AcceptedLine & { words: string };
}

interface TakeBacksOptions {
  bills: CustomerBills;
  register: CustomerRegister;
  events: EventBus;
}

/**
 * Takes a user that was billed by mistake out of an issued statement: by a correction that says who
 * decided so and why. A user that somebody has is handed over instead: then both are billed rightly.
 */
export class TakeBacks {
  readonly #options: TakeBacksOptions;

  constructor(options: TakeBacksOptions) {
    this.#options = options;
  }

  /** Says what the correction would come to. Nothing is written. @throws AppError `CONFLICT` */
  async preview(asked: Asked): Promise<Preview> {
    const { issued, after, difference: compared } = await this.#foreseen(await this.#found(asked));
    const { difference, total, words } = compared;
    return { issued, total: total ?? 0, difference, words, digest: chargesDigest(after) };
  }

  /** Issues the correction, and puts the decision on record with it. @throws AppError `CONFLICT` */
  async takeBack({
    reason,
    expected,
    ...asked
  }: ParsedInput<'statements.takeBack'>): Promise<Issued> {
    const { register, events } = this.#options;
    const found = await this.#found(asked);
    const { issued, line } = found;
    const place = { customerId: issued.customerId ?? '', ...hoursOf(issued) };
    const at = new Date().toISOString();
    const takenBack = { ...place, lines: [line], reason, operator: operatorName(), at };
    const check = (statement: Statement): void => {
      if (expected !== undefined && expected !== chargesDigest(statement)) throw differs();
    };
    const decided = { known: knownWith(found, takenBack), takenBack, check };
    const correction = await register.correct(issued.statementId, undefined, decided);
    events.emit('customers.changed', {});
    return correction;
  }

  /** The correction as it would turn out with the decision. */
  async #foreseen(found: Found) {
    const { statementId } = found.issued;
    const decision = { reason: '', operator: operatorName(), at: new Date().toISOString() };
    const known = knownWith(found, decision);
    const [compared] = await this.#options.register.compareWith([{ statementId, known }]);
    if (!compared) throw new Error('A statement was compared to nothing.');
    return compared;
  }

  async #found({ statementId, connectionId, userId }: Asked): Promise<Found> {
    const { register, bills } = this.#options;
    const issued = await register.newest(statementId);
    const { statement } = await register.get(issued.statementId);
    const { customerId = '', from, to } = issued;
    const user = statement.users.find(
      (one) => one.connectionId === connectionId && one.userId === userId,
    );
    if (!user) throw notInIt(issued);
    const [billed] = await bills.read([{ customerId, from, to }]);
    if (!billed) throw unknownCustomer();
    const whose = user.email || userId;
    assertNobodys(billed, { connectionId, userId, whose });
    const words = takenBackWords(whose);
    const line = { connectionId, userId, item: wholeUser, quantity: takenBack, words };
    return { issued, billed, line };
  }
}

/** What is known of the customer once the decision is on record. */
function knownWith(
  { billed, line }: Found,
  { reason, operator, at }: Pick<Decision, 'reason' | 'operator' | 'at'>,
): BilledCustomer {
  return { ...billed, accepted: [...billed.accepted, { ...line, reason, by: operator, at }] };
}

/** Whoever has the user pays for it: from when on is for a handover to say. */
function assertNobodys(
  { customer, handedOver }: BilledCustomer,
  { connectionId, userId, whose }: { connectionId: string; userId: string; whose: string },
): void {
  const isIt = (one: { connectionId: string; userId: string }): boolean =>
    one.connectionId === connectionId && one.userId === userId;
  if (customer.users.some(isIt)) {
    throw conflict(
      `${whose} belongs to this customer: it pays for it.`,
      'Unmap the user from the customer first.',
    );
  }
  const handed = handedOver.find(isIt);
  if (handed && handed.lapsed.length > 0 && !handed.issued && !handed.hours?.length) return;
  throw conflict(
    `${whose} belongs, or belonged, to another customer in this period.`,
    'Map it to the customer that pays for it, and say there from when on: statements of both are corrected.',
  );
}

const differs = () =>
  conflict(
    'The correction by now differs from its preview. Nothing was recorded.',
    'Preview it again, then decide.',
  );

const notInIt = ({ number }: Issued) =>
  notFound(`${number} does not bill this user.`, 'Take a user from the lines of the statement.');
