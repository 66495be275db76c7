import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { conflict, notFound, toAppError } from '#shared/errors.ts';
import { operatorName } from '../changes/journal/journal.ts';
import type { EventBus } from '../platform/events.ts';
import { hoursOf } from '../usage/coverage/report-period.ts';
import { chargesDigest } from './as-previewed.ts';
import type { CustomerBills } from './bills.ts';
import type { CustomerRegister } from './customer-register.ts';
import { unknownCustomer } from './customers.ts';
import { takenBack, takenBackWords } from './handed-over.ts';
import type { AcceptedLine } from './store/accepted-lines.ts';
import type { BilledCustomer } from './store/billed-customers.ts';
import type { CustomerStore } from './store/customer-store.ts';
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
  store: CustomerStore;
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

  /** Puts the decision on record, and issues the correction. @throws AppError `CONFLICT` */
  async takeBack({
    reason,
    expected,
    ...asked
  }: ParsedInput<'statements.takeBack'>): Promise<Issued> {
    const { store, register, events } = this.#options;
    const found = await this.#found(asked);
    const { after } = await this.#foreseen(found);
    if (expected !== undefined && expected !== chargesDigest(after)) throw differs();
    const { issued, line } = found;
    const place = { customerId: issued.customerId ?? '', ...hoursOf(issued) };
    const decision = { ...place, lines: [line], reason, operator: operatorName() };
    try {
      await store.ask('takeBack', decision);
      try {
        return await register.correct(issued.statementId);
      } catch (thrown) {
        const failed = `The correction was not issued: ${toAppError(thrown).message}`;
        await store.ask('withdrawLines', { ...decision, reason: failed });
        throw thrown;
      }
    } finally {
      events.emit('customers.changed', {});
    }
  }

  /** The correction as it would turn out with the decision. */
  async #foreseen({ issued, billed, line }: Found) {
    const decision = { ...line, reason: '', by: operatorName(), at: new Date().toISOString() };
    const known = { ...billed, accepted: [...billed.accepted, decision] };
    const [compared] = await this.#options.register.compareWith([
      { statementId: issued.statementId, known },
    ]);
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
