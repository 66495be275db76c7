import { AppError, toAppError } from '#shared/errors.ts';
import { stopsRun } from '../../changes/bulk/run-row.ts';
import { operatorName } from '../../changes/journal/journal.ts';
import type {
  OperationInput,
  OperationName,
} from '../../changes/operations/catalogue/operation.ts';
import { parseInput } from '../../changes/operations/catalogue/operation.ts';
import type { OperationEngine } from '../../changes/operations/engine.ts';
import type { TaskControls } from '../../platform/tasks/task-registry.ts';
import type { Customers } from '../customers.ts';
import type { CustomerStore } from '../store/customer-store.ts';
import type { OnboardingRow, RowStep, WriteBack } from '../store/onboarding.ts';
import type { WriteBacks } from './write-back.ts';

export interface RowWork {
  onboardingId: string;
  store: CustomerStore;
  engine: OperationEngine;
  customers: Customers;
  writeBacks: WriteBacks;
  controls: Pick<TaskControls, 'signal'>;
  writeBack: WriteBack | null;
  ticket: string | undefined;
}

interface Placed extends OnboardingRow {
  connectionId: string;
}

/** How far a row got; `unwritten`: all is done but what was to be written back. */
export type SignedUp = 'done' | 'unwritten' | 'failed';

/**
 * Creates the user of one row with quota, limits, account, mapping and key, or does what is left of it.
 * How far it got is on record before each request, so that no user is made twice.
 * @throws AppError what would end every other row too
 */
export async function signUp(work: RowWork, row: OnboardingRow): Promise<SignedUp> {
  const placed: Placed = { ...row, connectionId: row.connectionId ?? '' };
  const step = (change: Omit<RowStep, 'onboardingId' | 'row'>): Promise<null> =>
    work.store.ask('stepOnboarding', {
      ...{ onboardingId: work.onboardingId, row: row.row, error: null },
      ...change,
    });
  try {
    if (placed.userId !== null && row.state === 'unwritten') {
      const { userId, accessKeyId } = placed;
      const written = await writeBack(work, placed, { userId, accessKeyId });
      await step({ writeBack: written });
      return endOf(placed, written);
    }
    placed.userId ??= await createUser(work, placed, step);
    return await complete(work, placed, placed.userId, step);
  } catch (thrown) {
    const error = toAppError(thrown);
    const { message, hint } = error;
    const state = placed.userId === null ? afterFailure(error, placed) : 'created';
    await step({ state, error: { message, hint, at: new Date().toISOString() } });
    if (stopsRun(error)) throw error;
    return 'failed';
  }
}

/** A request whose fate is unknown may have made the user: it is looked for at the next start. */
function afterFailure({ code, details }: AppError, row: Placed): OnboardingRow['state'] {
  const mayBeThere = details?.outcome === 'unknown' || code === 'WRITE_NOT_CONFIRMED';
  return mayBeThere || row.state === 'creating' ? 'creating' : 'failed';
}

type Step = (change: Omit<RowStep, 'onboardingId' | 'row'>) => Promise<null>;

async function createUser(work: RowWork, row: Placed, step: Step): Promise<string> {
  const { connectionId, email } = row;
  const { reader } = await work.engine.contextOf(connectionId, work.controls.signal);
  const there = await reader.userByEmail(email);
  // left behind at this step: the user that is there now is the one that was asked for
  if (there && row.state !== 'creating') throw taken(email, there.userId);
  let userId = there?.userId;
  if (userId === undefined) {
    await step({ state: 'creating' });
    const { value } = await run(work, 'users.create', connectionId, { email });
    userId = value.userId;
  }
  await step({ state: 'created', userId });
  return userId;
}

/** Everything after the user itself. Each part can be done twice and is done once. */
async function complete(work: RowWork, row: Placed, userId: string, step: Step): Promise<SignedUp> {
  const { connectionId, customerId, serviceId, quotaGb, limits, accountName } = row;
  const target = { user: userId };
  if (quotaGb !== null) await run(work, 'quotas.set', connectionId, { target, sizeGb: quotaGb });
  if (limits !== null) await run(work, 'limits.set', connectionId, { target, limits });
  if (accountName !== null) await createAccount(work, connectionId, userId, accountName);
  await listUser(work, row, userId);
  if (customerId !== null) {
    const service = serviceId === null ? {} : { serviceId };
    await work.customers.map({ customerId, ...service, connectionId, userId });
  }
  await assignPlan(work, row, userId);
  const accessKeyId = row.accessKeyId ?? (await ownKey(work, connectionId, userId));
  await step({ accessKeyId });
  const written = await writeBack(work, row, { userId, accessKeyId });
  const { row: number, state: _state, error: _error, ...wanted } = row;
  await work.store.ask('endOnboardingRow', {
    ...{ onboardingId: work.onboardingId, row: number, state: 'done', userId, accessKeyId },
    writeBack: written,
    wanted,
    operator: operatorName(),
  });
  return endOf(row, written);
}

/** Lets the lists of customers know the user before the next refresh of its cluster. */
async function listUser({ store }: RowWork, row: Placed, userId: string): Promise<void> {
  const { connectionId, email } = row;
  const asOf = (await store.ask('clusterAsOf', { connectionId })) ?? '';
  const user = { userId, email, state: 'enabled', system: false, bytes: '' } as const;
  await store.ask('saveUsers', { connectionId, asOf, first: false, users: [user] });
}

async function run<Name extends OperationName>(
  { engine, ticket }: RowWork,
  name: Name,
  connectionId: string,
  own: Record<string, unknown>,
) {
  const input: OperationInput<Name> = parseInput(name, connectionId, {
    ...own,
    ...(ticket === undefined ? {} : { ticket }),
  });
  return engine.run(name, input, { acceptDone: true, confirmed: true });
}

async function createAccount(
  work: RowWork,
  connectionId: string,
  userId: string,
  accountName: string,
): Promise<void> {
  try {
    await run(work, 'accounts.create', connectionId, { userId, accountName });
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code !== 'ALREADY_EXISTS') throw error; // made before the console ended
  }
}

/** The key that the gateway made with the user, else a new one. Its secret stays on the gateway. */
async function ownKey(work: RowWork, connectionId: string, userId: string): Promise<string> {
  const { reader } = await work.engine.contextOf(connectionId);
  const { user } = await reader.user(userId);
  const [first] = user.accessKeyIds;
  if (first !== undefined) return first;
  const { value } = await run(work, 'keys.generate', connectionId, { userId });
  return value.accessKeyId;
}

/** A plan that no product brings along is assigned: to the service, else to the user itself. */
async function assignPlan({ store }: RowWork, row: Placed, userId: string): Promise<void> {
  const { planId, serviceId, connectionId } = row;
  if (planId === null) return;
  const [has] = await store.ask('plannedUsers', { connectionId, userId, planId });
  if (has) return;
  const holder = serviceId === null ? { connectionId, userId } : { serviceId };
  await store.ask('assignPlan', { planId, holder, operator: operatorName() });
}

/** What fails here leaves the user as it is: it is shown with the row, and can be written later. */
async function writeBack(
  work: RowWork,
  { customerId, serviceId, connectionId }: Placed,
  made: { userId: string; accessKeyId: string | null },
): Promise<OnboardingRow['writeBack']> {
  const wanted = work.writeBack;
  if (wanted === null || (wanted.place === undefined && !wanted.note)) return null;
  if (customerId === null) {
    const problems = ['The row names no customer: nothing was written to the billing system.'];
    return { field: null, note: null, problems };
  }
  const target = { customerId, serviceId, connectionId, ...made };
  try {
    return await work.writeBacks.write(target, wanted, { ticket: work.ticket });
  } catch (thrown) {
    return {
      field: wanted.place === undefined ? null : 'failed',
      note: wanted.note ? 'failed' : null,
      problems: [toAppError(thrown).message],
      at: new Date().toISOString(),
    };
  }
}

/** A row without a customer has nothing that could be written. */
const endOf = ({ customerId }: Placed, written: OnboardingRow['writeBack']): SignedUp =>
  customerId === null || (written?.problems ?? []).length === 0 ? 'done' : 'unwritten';

function taken(email: string, userId: string): AppError {
  return new AppError({
    code: 'ALREADY_EXISTS',
    message: `The user ${userId} has the e-mail ${email} already; nothing was sent.`,
    hint: 'Map that user to the customer, or onboard this one with another e-mail.',
    details: { userId },
  });
}
