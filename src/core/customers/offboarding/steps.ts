import { amountWords } from '#shared/billing/money.ts';
import { periodWords } from '#shared/billing/period.ts';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { formatCounted } from '#shared/counted.ts';
import { hour } from '#shared/durations.ts';
import { type AppError, conflict, toAppError } from '#shared/errors.ts';
import { fromWireInteger, toWireInteger } from '#shared/units.ts';
import { allPages } from '../../changes/bulk/source-calls.ts';
import type { OperationEngine } from '../../changes/operations/engine.ts';
import type { SyncService } from '../../clusters/refresh/sync-service.ts';
import type { CollectService } from '../../usage/collect/collect-service.ts';
import type { CustomerRegister } from '../customer-register.ts';
import type { Customers } from '../customers.ts';
import type { OffboardingStep, StoredOffboarding } from '../store/offboarding.ts';

export interface StepParts {
  engine: OperationEngine;
  sync: SyncService;
  collections: CollectService;
  register: CustomerRegister;
  customers: Customers;
}

export type StepEnd = Pick<OffboardingStep, 'words' | 'hint' | 'buckets' | 'statementId'> & {
  state: 'done' | 'waiting' | 'failed';
};

type Input = ParsedInput<'offboarding.run'>;
type Step = (parts: StepParts, of: StoredOffboarding, input: Input) => Promise<StepEnd>;

const bucketsShown = 100;

const done = (words: string): StepEnd => ({ state: 'done', words, hint: null });

/** Each user in turn: one that fails stops no other; done again, those that are done stay as they are. */
async function eachUser(
  { users }: StoredOffboarding,
  verb: string,
  work: (user: StoredOffboarding['users'][number]) => Promise<void>,
): Promise<StepEnd> {
  const failed: { email: string; error: AppError }[] = [];
  for (const user of users) {
    await work(user).catch((thrown: unknown) =>
      failed.push({ email: user.email || user.userId, error: toAppError(thrown) }),
    );
  }
  const [first] = failed;
  if (first === undefined) return done(`${formatCounted(users.length, 'user')} ${verb}.`);
  const more = failed.length > 1 ? ` ${failed.length - 1} more failed.` : '';
  const words = `${first.email}: ${first.error.message}${more}`;
  return { state: 'failed', words, hint: first.error.hint };
}

const disable: Step = ({ engine }, of, { ticket }) =>
  eachUser(of, 'disabled', async ({ connectionId, userId }) => {
    const input = { connectionId, userId, ...(ticket === undefined ? {} : { ticket }) };
    await engine.run('users.disable', input, { acceptDone: true, confirmed: true });
  });

const clustersOf = ({ users }: StoredOffboarding): string[] => [
  ...new Set(users.map(({ connectionId }) => connectionId)),
];

/** Sizes are sampled by a refresh, counters read by a collection: the statement needs both. */
const collect: Step = async ({ sync, collections }, of) => {
  let [read, failed] = [0, 0];
  for (const connectionId of clustersOf(of)) {
    await sync.refresh(connectionId);
    const { finished } = await collections.start(connectionId, 'Last collection', {
      removeCollected: false,
      verify: true,
    });
    const result = await finished;
    read += result.collected;
    failed += result.failed;
  }
  const words =
    read === 0
      ? 'Nothing new to collect.'
      : `${formatCounted(read, 'statistics object')} collected.`;
  if (failed === 0) return done(words);
  return {
    state: 'failed',
    words: `${words} ${failed} could not be read.`,
    hint: 'Look at the failures on the Usage page, then collect again.',
  };
};

const statement: Step = async ({ register, customers }, of, { acceptDraft }) => {
  const { customerId } = of;
  if (await othersStay(customers, of)) {
    return done('Other users of the customer stay: its statement of the month has this usage too.');
  }
  const period = await finalPeriod(register, of);
  const input = { customerId, ...period, requireFinal: !acceptDraft };
  try {
    const issued = await register.issue(input);
    const { number, state, total, currency, minorDigits } = issued;
    const amount = amountWords(fromWireInteger(total), currency, minorDigits);
    const words = `${number} of ${amount} issued for ${periodWords(period)} (${state}).`;
    return { ...done(words), statementId: issued.statementId };
  } catch (thrown) {
    const error = toAppError(thrown);
    const { message, hint } = error;
    if (error.code !== 'COVERAGE_INCOMPLETE') return { state: 'failed', words: message, hint };
    return { state: 'waiting', words: message, hint: waitingHint(error) };
  }
};

/** A line that was held back and a user of two customers wait for somebody, not for the gateway. */
const waitingHint = ({ hint, details }: AppError): string =>
  details?.coverage
    ? 'Collect again once the gateway has written the last hours, then issue it.'
    : hint;

/** Nothing is used after the users were disabled, however often is collected until that is settled. */
async function finalPeriod(
  register: CustomerRegister,
  { customerId, steps }: StoredOffboarding,
): Promise<{ from: string; to: string }> {
  const disabled = steps.find(({ step }) => step === 'disable')?.at ?? new Date().toISOString();
  const to = Math.ceil(Date.parse(disabled) / hour) * hour;
  const from = await startOfFinal(register, customerId, to);
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** What the statement of a cancellation would come to now; null where none is to be issued. */
export async function previewFinal(
  { register, customers }: Pick<StepParts, 'register' | 'customers'>,
  of: StoredOffboarding,
): Promise<CallOutput<'offboarding.previewStatement'>> {
  if (await othersStay(customers, of)) return null;
  const period = await finalPeriod(register, of);
  const input = { customerId: of.customerId, ...period };
  const [outcome, final] = await register.previewAll([
    { ...input, requireFinal: false },
    { ...input, requireFinal: true },
  ]);
  if (outcome?.status !== 'fulfilled') throw outcome?.reason;
  if (outcome.value === null) return null;
  const { state, total, currency, minorDigits, reasons } = outcome.value;
  const refusal = final?.status === 'rejected' ? toAppError(final.reason) : null;
  const notFinal = refusal && {
    ...{ message: refusal.message, hint: waitingHint(refusal), reasons },
  };
  return { ...period, state, total, currency, minorDigits, notFinal };
}

/** A statement is of a whole customer: one in the middle of the month would bill its other users twice. */
async function othersStay(customers: Customers, of: StoredOffboarding): Promise<boolean> {
  const leaving = new Set(of.users.map(({ connectionId, userId }) => `${connectionId} ${userId}`));
  const { users } = await customers.get(of.customerId);
  return users.some(({ connectionId, userId }) => !leaving.has(`${connectionId} ${userId}`));
}

/** Where the last issued statement ended, if that is not long ago; else the beginning of the month. */
async function startOfFinal(
  register: CustomerRegister,
  customerId: string,
  to: number,
): Promise<number> {
  const { rows } = await register.list({ customerId, compare: false, offset: 0, limit: 100 });
  const ends = rows.map(({ to: end }) => Date.parse(end)).filter((end) => end < to);
  const last = Math.max(...ends);
  if (to - last < 93 * 24 * hour) return last;
  const day = new Date(to);
  const month = Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1);
  return month < to ? month : Date.UTC(day.getUTCFullYear(), day.getUTCMonth() - 1, 1);
}

/** Takes buckets from the lists that their owner deleted since: what names them later is current. */
async function forgetOthers(
  engine: OperationEngine,
  { connectionId, userId: ownerId }: { connectionId: string; userId: string },
  there: readonly { name: string }[],
): Promise<void> {
  const { snapshot } = await engine.contextOf(connectionId);
  const listed = await allPages(async (page) => {
    const { rows } = await snapshot.ask('buckets', { ownerId, ...page });
    return rows.map(({ name }) => name);
  });
  const left = new Set(there.map(({ name }) => name));
  const gone = listed.filter((name) => !left.has(name));
  if (gone.length === 0) return;
  const learned = gone.map((id) => ({ part: 'gone', target: { kind: 'bucket', id } }) as const);
  await engine.learn(connectionId, learned);
}

/** Reads what buckets of users are left, so that lists hold none that was deleted since. */
export async function forgetDeleted(
  engine: OperationEngine,
  users: StoredOffboarding['users'],
): Promise<void> {
  for (const { connectionId, userId } of users) {
    const { reader } = await engine.contextOf(connectionId);
    const { naming } = await reader.user(userId);
    await forgetOthers(engine, { connectionId, userId }, await reader.bucketsOf(naming));
  }
}

/** What the customer has still to empty and delete, read from the gateway now. */
const empty: Step = async ({ engine }, { users }) => {
  const left: NonNullable<OffboardingStep['buckets']> = [];
  for (const { connectionId, userId } of users) {
    const { reader } = await engine.contextOf(connectionId);
    const { naming } = await reader.user(userId);
    const there = await reader.bucketsOf(naming);
    for (const { name, currentBytes } of there) {
      left.push({ connectionId, userId, name, bytes: toWireInteger(currentBytes) });
    }
    await forgetOthers(engine, { connectionId, userId }, there);
  }
  if (left.length === 0) return done('No bucket is left.');
  const bytes = (bucket: (typeof left)[number]): bigint =>
    bucket.bytes === null ? 0n : fromWireInteger(bucket.bytes);
  left.sort((one, two) => (bytes(one) < bytes(two) ? 1 : -1));
  return {
    state: 'waiting',
    words: `${formatCounted(left.length, 'bucket')} still there.`,
    hint: 'The owner empties and deletes them with an S3 client; enable the user for that time. Then check again.',
    buckets: left.slice(0, bucketsShown),
  };
};

const remove: Step = ({ engine }, of, { ticket }) =>
  eachUser(of, 'deleted', async ({ connectionId, userId }) => {
    const input = { connectionId, userId, ...(ticket === undefined ? {} : { ticket }) };
    try {
      await engine.run('users.remove', input, { confirmed: true });
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== 'NOT_FOUND') throw error; // deleted before the console ended
    }
  });

export const offboardingWork: Record<OffboardingStep['step'], Step> = {
  disable,
  collect,
  statement,
  empty,
  delete: remove,
};

/** A refusal of a step whose turn it is not. */
export function notNext(step: string, next: string | null): AppError {
  return conflict(
    next === null
      ? 'This cancellation has ended: no step is left.'
      : `The step "${step}" comes after "${next}", which is not done.`,
    'Do the steps in their order; collection and statement can be skipped with a reason.',
  );
}
