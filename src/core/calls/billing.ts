import type { HandlersOf } from '#shared/contract/index.ts';
import { type AppError, invalidInput, toAppError } from '#shared/errors.ts';
import { travelsInClear } from '#shared/plain-http.ts';
import { type BillingConnections, demoBillingId } from '../customers/billing-connections.ts';
import type { Customers } from '../customers/customers.ts';
import type { DemoBilling } from '../customers/demo-billing.ts';
import type { StatementFiles } from '../customers/documents/statement-files.ts';
import type { BillingSystem, BillingTest } from '../customers/port/billing-system.ts';
import { failedAt } from '../customers/whmcs/probe.ts';
import type { EventBus } from '../platform/events.ts';

export function billingHandlers(options: {
  billing: BillingConnections;
  customers: Customers;
  files: StatementFiles;
  events: EventBus;
  demoBilling: DemoBilling;
}): HandlersOf<'billing'> {
  const { billing, customers, files, events, demoBilling } = options;
  const changed = (): void => events.emit('customers.changed', {});
  return {
    'billing.list': async () => (await billing.list()).map((one) => customers.withRefresh(one)),
    'billing.save': async (input) => {
      if (input.id === demoBillingId) throw demoNotSaved();
      const isDemo = (await billing.list()).some(({ demo }) => demo);
      if (isDemo) await demoBilling.end();
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
      const { steps, ...shown } = await testOf(billing, id, signal);
      return {
        ...shown,
        ok: steps.every(({ state }) => state !== 'failed' && state !== 'not-tried'),
        steps: steps.map((step) => ({ ...step, ok: step.state !== 'failed' })),
      };
    },
    'billing.refresh': ({ id }) => customers.refresh(id),
    'billing.unlock': async ({ id, minutes }) => {
      const unlocked = await billing.setLock(id, minutes);
      changed();
      setTimeout(changed, minutes * 60_000).unref(); // it has locked itself again
      return unlocked;
    },
    'billing.lock': async ({ id }) => {
      const locked = await billing.setLock(id, undefined);
      changed();
      return locked;
    },
    'billing.remove': async ({ id }) => {
      await billing.remove(id);
      changed();
      return null;
    },
  };
}

function demoNotSaved(): AppError {
  return invalidInput(
    'The demo WHMCS is not a saved billing connection.',
    'Add a billing system of your own; the demo WHMCS and its customers then leave the list.',
  );
}

async function testOf(
  billing: BillingConnections,
  id: string,
  signal: AbortSignal,
): Promise<BillingTest> {
  const { url = '', kind } = await billing.get(id);
  let system: BillingSystem;
  try {
    system = await billing.open(id);
  } catch (thrown) {
    // nothing was sent: the secret, the proxy, the authority or the policy is in the way
    const error = toAppError(thrown);
    const { message: detail, hint } = error;
    if (kind === 'file') return { steps: [{ name: 'table', state: 'failed', detail, hint }] };
    return { steps: failedAt(error, { inClear: travelsInClear(url), sent: false }) };
  }
  try {
    return await system.test({ signal });
  } finally {
    await system.close();
  }
}
