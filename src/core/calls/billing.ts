import type { HandlersOf } from '#shared/contract/index.ts';
import { toAppError } from '#shared/errors.ts';
import type { BillingConnections } from '../customers/billing-connections.ts';
import type { Customers } from '../customers/customers.ts';
import type { StatementFiles } from '../customers/documents/statement-files.ts';
import type { BillingStep } from '../customers/port/billing-system.ts';
import type { EventBus } from '../platform/events.ts';

/** Handlers of `billing.*`. */
export function billingHandlers(options: {
  billing: BillingConnections;
  customers: Customers;
  files: StatementFiles;
  events: EventBus;
}): HandlersOf<'billing'> {
  const { billing, customers, files, events } = options;
  const changed = (): void => events.emit('customers.changed', {});
  return {
    'billing.list': async () => (await billing.list()).map((one) => customers.withProblem(one)),
    'billing.save': async (input) => {
      const saved = await billing.save(input);
      changed();
      return saved;
    },
    'billing.provider': () => files.provider(),
    'billing.setProvider': async (provider) => {
      const saved = await files.setProvider(provider);
      changed();
      return saved;
    },
    'billing.test': async ({ id }, { signal }) => {
      const steps = await stepsOf(billing, id, signal);
      return {
        ok: steps.every(({ state }) => state !== 'failed' && state !== 'not-tried'),
        steps: steps.map((step) => ({ ...step, ok: step.state !== 'failed' })),
      };
    },
    'billing.refresh': ({ id }) => customers.refresh(id),
    'billing.remove': async ({ id }) => {
      await billing.remove(id);
      changed();
      return null;
    },
  };
}

async function stepsOf(
  billing: BillingConnections,
  id: string,
  signal: AbortSignal,
): Promise<BillingStep[]> {
  await billing.get(id);
  try {
    const system = await billing.open(id);
    try {
      return await system.test({ signal });
    } finally {
      await system.close();
    }
  } catch (thrown) {
    const { message, hint } = toAppError(thrown);
    return [{ name: 'credential', state: 'failed', detail: message, hint }];
  }
}
