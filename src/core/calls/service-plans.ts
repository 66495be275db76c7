import type { HandlersOf } from '#shared/contract/index.ts';
import type { ServicePlans } from '../customers/service-plans.ts';
import type { CustomerStore } from '../customers/store/customer-store.ts';

/** Handlers of `servicePlans.*`. */
export function servicePlansHandlers(options: {
  plans: ServicePlans;
  store: CustomerStore;
}): HandlersOf<'servicePlans'> {
  const { plans, store } = options;
  return {
    'servicePlans.list': (query) => store.ask('listPlans', query),
    'servicePlans.save': (input) => plans.save(input),
    'servicePlans.retire': ({ id }) => plans.retire(id),
    'servicePlans.assign': (input) => plans.assign(input),
    'servicePlans.drift': (query) => plans.drift(query),
  };
}
