import { invalidInput } from '#shared/errors.ts';
import type { BilledCustomer } from './store/billed-customers.ts';

/**
 * Selects the tariff of a customer's statement: its own, else that of its plan, else the one asked for; with
 * the reason in words.
 * @throws AppError `INPUT_INVALID` where there is none, or plans differ
 */
export function selectTariff(
  { customer, planTariffs }: BilledCustomer,
  asked: string | undefined,
): { tariffId: string; reason: string } {
  const [ofPlan, second] = planTariffs;
  const tariffId = customer.tariffId ?? ofPlan ?? asked;
  if (tariffId === undefined || (customer.tariffId === null && second !== undefined)) {
    throw noTariff(customer.name, second !== undefined);
  }
  const whose = customer.tariffId !== null ? 'The customer’s own tariff' : 'Tariff of its plan';
  if (customer.tariffId === null && ofPlan === undefined) {
    return { tariffId, reason: 'As asked for: neither the customer nor its plan has a tariff.' };
  }
  const instead =
    asked === undefined || asked === tariffId ? '' : ', used in place of the one asked for';
  return { tariffId, reason: `${whose}${instead}.` };
}

function noTariff(name: string, plansDiffer: boolean) {
  return invalidInput(
    plansDiffer
      ? `The plans of "${name}" have different tariffs.`
      : `Neither "${name}" nor a plan of it has a tariff.`,
    'Set a tariff for the customer, or name one for this statement.',
  );
}
