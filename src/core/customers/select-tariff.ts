import { invalidInput } from '#shared/errors.ts';
import type { BilledCustomer } from './store/billed-customers.ts';

/**
 * Selects the tariff of a customer's statement: its own, else that of its plan, else, or where plans differ,
 * the one asked for; with the reason in words.
 * @throws AppError `INPUT_INVALID` where there is none
 */
export function selectTariff(
  { customer, planTariffs }: BilledCustomer,
  asked: string | undefined,
): { tariffId: string; reason: string } {
  const [ofPlan, second] = planTariffs;
  const plansDiffer = customer.tariffId === null && second !== undefined;
  const tariffId = customer.tariffId ?? (plansDiffer ? undefined : ofPlan);
  if (tariffId === undefined) {
    if (asked === undefined) throw noTariff(customer.name, plansDiffer);
    const why = plansDiffer
      ? 'its plans have different tariffs'
      : 'neither the customer nor its plan has a tariff';
    return { tariffId: asked, reason: `As asked for: ${why}.` };
  }
  const whose = customer.tariffId !== null ? 'The customer’s own tariff' : 'Tariff of its plan';
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
