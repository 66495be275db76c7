import type { HandlersOf } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { BulkService } from '../changes/bulk/bulk-service.ts';
import { operatorName } from '../changes/journal/journal.ts';
import type { Archives } from '../clusters/archives.ts';
import type { Clusters } from '../clusters/clusters.ts';
import type { BillableItems } from '../customers/billable-items.ts';
import type { Customers } from '../customers/customers.ts';
import type { DemoBilling } from '../customers/demo-billing.ts';
import type { Drafts } from '../customers/drafts.ts';
import type { Handovers } from '../customers/handovers.ts';
import { invoiceStanding, type StandingOptions } from '../customers/invoice-standing.ts';
import type { ServicePlans } from '../customers/service-plans.ts';
import type { CustomerStore } from '../customers/store/customer-store.ts';
import { prepareSuspensionRun } from '../customers/suspension-run.ts';
import { listUnpaid } from '../customers/unpaid.ts';
import type { UsageFigures } from '../customers/usage-figures.ts';
import type { EventBus } from '../platform/events.ts';
import type { TaskRegistry } from '../platform/tasks/task-registry.ts';
import { boundsOf } from '../usage/coverage/report-period.ts';

export function customersHandlers(options: {
  customers: Customers;
  handovers: Handovers;
  store: CustomerStore;
  demoBilling: Pick<DemoBilling, 'reading'>;
  archives: Archives;
  clusters: Clusters;
  bulk: BulkService;
  tasks: TaskRegistry;
  events: EventBus;
}): HandlersOf<'customers'> {
  const { customers, store, tasks, events } = options;
  return {
    'customers.list': (query) => store.ask('listCustomers', query),
    'customers.find': (query) => store.ask('findCustomers', query),
    'customers.namesakes': () => store.ask('namesakes'),
    'customers.get': ({ customerId }) => customers.current(customerId),
    'customers.readDetails': ({ customerId }, { signal }) =>
      customers.readDetails(customerId, signal),
    'customers.map': (mapping) => customers.map(mapping),
    'customers.previewHandover': (input) => options.handovers.preview(input),
    'customers.handOver': (input) => options.handovers.handOver(input),
    'customers.unmap': (mapping) => customers.unmap(mapping),
    'customers.suggestions': async (page) => {
      await customers.syncClusters();
      return store.ask('suggestions', page);
    },
    'customers.mapSuggested': () => customers.mapSuggested(),
    'customers.unpaid': (page) => listUnpaid(options, page),
    'customers.setNotBilled': (input) => customers.setNotBilled(input),
    'customers.shared': async (page) => {
      await customers.syncClusters();
      return store.ask('shared', page);
    },
    'customers.unused': async (page) => {
      await customers.syncClusters();
      return store.ask('unused', page);
    },
    'customers.suspensionDrift': async (page) => {
      await customers.syncClusters();
      return store.ask('suspensionDrift', page);
    },
    'customers.suspensionRun': (input, { signal }) => prepareSuspensionRun(options, input, signal),
    'customers.setTariff': ({ customerId, tariffId }) => customers.setTariff(customerId, tariffId),
    'customers.backups': async () => store.backups(),
    'customers.backUp': () => store.ask('backUp'),
    'customers.restore': async ({ fileName }) => {
      const busy = tasks.list().find((task) => task.connectionId === null && !task.endedAt);
      if (busy) throw taskBusy(busy.title);
      const replaced = await store.restore(fileName);
      await store.ask('addRecord', {
        ...{ operator: operatorName(), action: 'customers.restore', result: 'done' },
        details: { fileName, setAside: replaced.setAside },
      });
      events.emit('customers.changed', {});
      return replaced;
    },
    'customers.journal': (query) => store.ask('listRecords', query),
    'customers.verifyJournal': async () => {
      const found = await store.ask('verifyHistory', null);
      return { ...found, ok: found.problems.length === 0 };
    },
    'customers.ofUser': (user) => store.ask('customersOfUser', user),
  };
}

export function invoicesHandlers(
  options: StandingOptions & {
    drafts: Drafts;
    items: BillableItems;
    usageFigures: UsageFigures;
  },
): HandlersOf<'invoices'> {
  const { drafts, items, usageFigures, store } = options;
  return {
    'invoices.items': (of) => items.preview(of),
    'invoices.addItems': (input) => items.start(input),
    'invoices.usage': ({ customerId }) => usageFigures.preview(customerId),
    'invoices.sendUsage': (input) => usageFigures.start(input),
    'invoices.draft': (input) => drafts.start(input),
    'invoices.preview': (of) => store.ask('previewDrafts', of),
    'invoices.outstanding': ({ billingId, ...period }) =>
      store.ask('outstanding', { billingId, ...boundsOf(period) }),
    'invoices.standing': (of) => invoiceStanding(options, of),
    'invoices.list': ({ within, ...query }) =>
      store.ask('listInvoices', { ...query, within: within ? boundsOf(within) : null }),
  };
}

export function servicePlansHandlers(options: {
  plans: ServicePlans;
  store: CustomerStore;
}): HandlersOf<'servicePlans'> {
  const { plans, store } = options;
  return {
    'servicePlans.list': (query) => plans.list(query),
    'servicePlans.products': () => store.ask('knownProducts', null),
    'servicePlans.save': (input) => plans.save(input),
    'servicePlans.preview': (input) => plans.preview(input),
    'servicePlans.retire': ({ id }) => plans.retire(id),
    'servicePlans.assign': (input) => plans.assign(input),
    'servicePlans.drift': (query) => plans.drift(query),
    'servicePlans.ofCustomer': (of) => store.ask('plansOfCustomer', of),
    'servicePlans.holders': ({ id }) => plans.holders(id),
    'servicePlans.except': (input) => plans.except(input),
    'servicePlans.endException': (user) => plans.endException(user),
    'servicePlans.fix': (input) => plans.fix(input),
  };
}

function taskBusy(title: string): AppError {
  return new AppError({
    code: 'TASK_BUSY',
    message: `"${title}" is under way: the file of customers is not replaced meanwhile.`,
    hint: 'Wait until it has ended, or cancel it first.',
  });
}
