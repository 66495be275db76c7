import { AppError } from '#shared/errors.ts';
import type { TaskControls, TaskRegistry } from '../platform/tasks/task-registry.ts';
import type { BillingConnections } from './billing-connections.ts';
import { billingLock } from './billing-guards.ts';
import type { BillingCapability, BillingSystem } from './port/billing-system.ts';

interface BillingRun {
  billingId: string;
  needs: BillingCapability;
  kind: string;
  title: string;
  total: number;
}

const unsupported: Partial<Record<BillingCapability, [message: string, hint: string]>> = {
  drafts: [
    'This billing connection cannot make invoices.',
    'Export the statements, or connect WHMCS.',
  ],
  items: [
    'This billing connection takes no billable items.',
    'Export the statements, or connect WHMCS.',
  ],
  usage: [
    'This billing connection is a table: no usage can be written to it.',
    'Connect WHMCS, or export the usage report.',
  ],
};

/** What fails each request alike, until somebody changes it in the billing system. */
const lasting: ReadonlySet<string> = new Set([
  'BILLING_ADDRESS_REFUSED',
  'BILLING_CREDENTIAL_REFUSED',
  'BILLING_ACTION_DENIED',
  'CONNECTION_LOCKED',
  'CONNECTION_READ_ONLY',
  'CERTIFICATE_PIN_MISMATCH',
]);
/** After this many failures in a row the billing system is not asked again. */
const mostInARow = 5;

const isOfSystem = ({ code, retryable }: AppError): boolean =>
  lasting.has(code) || code === 'ANSWER_NOT_JSON' || (retryable && code !== 'TASK_BUSY');

/** Tells a billing system that fails from single customers that do. */
export class SystemFailures {
  #inARow = 0;

  /** Takes what one request came to, null for done; returns whether to ask no more. */
  note(error: AppError | null): boolean {
    this.#inARow = error !== null && isOfSystem(error) ? this.#inARow + 1 : 0;
    return (error !== null && lasting.has(error.code)) || this.#inARow === mostInARow;
  }
}

/** Refuses what a billing system can't do. @throws AppError `BILLING_UNSUPPORTED` */
export function assertCan({ capabilities }: BillingSystem, needs: BillingCapability): void {
  if (capabilities.has(needs)) return;
  const [message = 'This billing connection can’t do that.', hint = 'Connect WHMCS.'] =
    unsupported[needs] ?? [];
  throw new AppError({ code: 'BILLING_UNSUPPORTED', message, hint });
}

/**
 * Starts a task that writes to a billing system, which is open until the task has ended.
 * @throws AppError `CONNECTION_READ_ONLY`, `CONNECTION_LOCKED`, `BILLING_UNSUPPORTED`, `CREDENTIAL_MISSING`
 */
export async function startBillingRun(
  { billing, tasks }: { billing: BillingConnections; tasks: TaskRegistry },
  { billingId, needs, ...task }: BillingRun,
  run: (system: BillingSystem, controls: TaskControls) => Promise<unknown>,
): Promise<{ taskId: string }> {
  const system = await billing.openForWrites(billingId);
  try {
    assertCan(system, needs);
    const { taskId, finished } = tasks.start({
      ...task,
      connectionId: null,
      writesTo: [billingLock(billingId)],
      canPause: true,
      run: (controls) => run(system, controls),
    });
    finished.catch(() => undefined).finally(() => system.close());
    return { taskId };
  } catch (thrown) {
    await system.close();
    throw thrown;
  }
}
