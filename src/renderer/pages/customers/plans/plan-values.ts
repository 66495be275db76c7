import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { readEnteredNumber } from '#shared/entered-number.ts';
import { type LimitResource, limitRows } from '#shared/limit-resources.ts';
import { formatCount, formatNumber } from '../../../kit/components/format.ts';

export type Plan = CallOutput<'servicePlans.list'>[number];

/** A plan as typed; empty fields are left out of the plan. */
export interface PlanValues {
  name: string;
  quotaGb: string;
  limits: Record<LimitResource, string>;
  tariffId: string | null;
  /** Product ids of each billing connection; of `''` while there is none. */
  products: Readonly<Record<string, readonly string[]>>;
  /** The cluster new users are created on; null: not set. */
  newUsersOn: string | null;
  /** The account new users get. */
  accountName: string;
}

const quotaRules = { unit: 'GB', most: 10n ** 15n };

/** A saved plan as the form shows it; null for a new one. */
export function toPlanValues(plan: Plan | null): PlanValues {
  const text = (value: unknown): string => (value == null ? '' : String(value));
  return {
    name: plan?.name ?? '',
    quotaGb: text(plan?.quotaGb),
    limits: Object.fromEntries(
      limitRows.map(({ id }) => [id, text(plan?.limits?.[id])]),
    ) as PlanValues['limits'],
    tariffId: plan?.tariffId ?? null,
    products: Object.fromEntries(
      [...Map.groupBy(plan?.products ?? [], ({ billingId }) => billingId ?? '')].map(
        ([billingId, products]) => [billingId, products.map(({ productId }) => productId)],
      ),
    ),
    newUsersOn: plan?.newUsers?.connectionId ?? null,
    accountName: plan?.newUsers?.accountName ?? '',
  };
}

/** Returns the form's errors by field. */
export function planFaults({ name, quotaGb, limits }: PlanValues): Record<string, string> {
  const faults: Record<string, string> = {};
  if (name.trim() === '') faults.name = 'A plan needs a name.';
  const note = (field: string, text: string, rules: object): void => {
    const { error } = text.trim() === '' ? {} : readEnteredNumber(text, rules);
    if (error !== undefined) faults[field] = error;
  };
  note('quotaGb', quotaGb, quotaRules);
  for (const { id, unit } of limitRows) note(id, limits[id], { unit, decimals: 2, most: 1e12 });
  return faults;
}

/** Returns the form's values as they are saved. Valid only where {@link planFaults} finds nothing. */
export function toPlanBody(values: PlanValues): CallInput<'servicePlans.save'> {
  const { name, quotaGb, limits, tariffId, products, newUsersOn } = values;
  const accountName = values.accountName.trim();
  const set = limitRows.flatMap(({ id, unit }) => {
    const { value } = readEnteredNumber(limits[id], { unit, decimals: 2 });
    return value === undefined ? [] : [[id, value] as const];
  });
  const quota = readEnteredNumber(quotaGb, quotaRules).value;
  return {
    name: name.trim(),
    ...(quota === undefined ? {} : { quotaGb: Number(quota) }),
    ...(set.length === 0 ? {} : { limits: Object.fromEntries(set) }),
    ...(tariffId === null ? {} : { tariffId }),
    ...(newUsersOn === null && accountName === ''
      ? {}
      : {
          newUsers: {
            ...(newUsersOn === null ? {} : { connectionId: newUsersOn }),
            ...(accountName === '' ? {} : { accountName }),
          },
        }),
    products: Object.entries(products).flatMap(([billingId, ids]) =>
      ids.map((productId) => ({ billingId: billingId || null, productId })),
    ),
  };
}

type Difference = CallOutput<'servicePlans.drift'>['rows'][number]['differences'][number];

/** A difference in words: `Quota: 800 GB, the plan says 500 GB`. */
export function differenceWords({ field, wanted, found }: Difference): string {
  const resource = limitRows.find(({ id }) => id === field);
  const label = resource ? resource.label : 'Quota';
  const words = (value: Difference['found'], unit: string): string => {
    if (value === null) return 'not set';
    if (String(value) === '0') return 'unlimited';
    const number = typeof value === 'number' ? formatNumber(value, 2) : formatCount(BigInt(value));
    return `${number} ${unit}`;
  };
  const unit = resource?.unit ?? 'GB';
  return `${label}: ${words(found, unit)}, the plan says ${words(wanted, unit)}`;
}

/** The rates that limits set, in words, one each. */
export const limitsWords = (limits: Plan['limits'] | null): string[] =>
  limitRows.flatMap(({ id, label, unit }) => {
    const rate = limits?.[id];
    if (rate == null) return [];
    return [
      `${label} ${Number(rate) === 0 ? 'unlimited' : `${formatNumber(Number(rate), 2)} ${unit}`}`,
    ];
  });

export function planWords({ quotaGb, limits }: Plan): string {
  const quota =
    quotaGb === undefined
      ? []
      : [String(quotaGb) === '0' ? 'Unlimited quota' : `Quota ${formatCount(BigInt(quotaGb))} GB`];
  return [...quota, ...limitsWords(limits)].join(', ') || 'No quota or limits set';
}
