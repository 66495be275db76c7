import type { z } from 'zod';
import type { AppErrorData } from '../errors.ts';
import { appContract, tasksContract } from './app.ts';
import { archiveContract } from './archive.ts';
import { billingContract } from './billing.ts';
import { bucketsContract } from './buckets.ts';
import { bulkContract } from './bulk.ts';
import { campaignsContract } from './campaigns.ts';
import { connectionsContract } from './connections.ts';
import { customerChecksContract } from './customer-checks.ts';
import { customersContract } from './customers.ts';
import { inventoryContract } from './inventory.ts';
import { invoicesContract } from './invoices.ts';
import { issuedStatementsContract } from './issued-statements.ts';
import { journalContract } from './journal.ts';
import { accountsContract, keysContract } from './keys.ts';
import { limitsContract, quotasContract } from './limits.ts';
import { offboardingContract } from './offboarding.ts';
import { onboardingContract } from './onboarding.ts';
import { operationsContract } from './operations.ts';
import { plansContract } from './plans.ts';
import { preferencesContract } from './preferences.ts';
import { pressureContract } from './pressure.ts';
import { servicePlansContract } from './service-plans.ts';
import { signalsContract } from './signals.ts';
import { storageContract } from './storage.ts';
import { syncContract } from './sync.ts';
import { tariffsContract } from './tariffs.ts';
import { usageContract } from './usage.ts';
import { usersContract } from './users.ts';

/**
 * Every call of the console, by name. A new call is an entry in its domain's file and a handler in
 * `src/core/calls`; without the handler, `create-core.ts` does not compile.
 */
export const contract = {
  ...appContract,
  ...preferencesContract,
  ...connectionsContract,
  ...syncContract,
  ...usersContract,
  ...bucketsContract,
  ...tasksContract,
  ...operationsContract,
  ...keysContract,
  ...accountsContract,
  ...limitsContract,
  ...quotasContract,
  ...inventoryContract,
  ...journalContract,
  ...bulkContract,
  ...plansContract,
  ...archiveContract,
  ...usageContract,
  ...storageContract,
  ...tariffsContract,
  ...billingContract,
  ...customersContract,
  ...customerChecksContract,
  ...issuedStatementsContract,
  ...invoicesContract,
  ...servicePlansContract,
  ...onboardingContract,
  ...offboardingContract,
  ...signalsContract,
  ...pressureContract,
  ...campaignsContract,
};

/** Name of a call, `domain.verb`. */
export type CallName = keyof typeof contract;

/** What a caller hands in (defaults may be omitted). */
export type CallInput<Name extends CallName> = z.input<(typeof contract)[Name]['input']>;

/** What a handler receives: validated, defaults filled in. */
export type ParsedInput<Name extends CallName> = z.output<(typeof contract)[Name]['input']>;

export type CallOutput<Name extends CallName> = z.output<(typeof contract)[Name]['output']>;

export type CallReply<Value = unknown> =
  | { ok: true; value: Value }
  | { ok: false; error: AppErrorData };

/** A handler for every call whose name begins with one of the given domains. */
export type HandlersOf<Domain extends string> = {
  [Name in Extract<CallName, `${Domain}.${string}`>]: (
    input: ParsedInput<Name>,
    context: CallContext,
  ) => Promise<CallOutput<Name>>;
};

export interface CallContext {
  /** Ends when the caller goes away. */
  signal: AbortSignal;
}
