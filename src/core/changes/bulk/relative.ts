import { readNumberAgainst } from '#shared/entered-number.ts';
import { type AppError, invalidInput } from '#shared/errors.ts';
import {
  type LimitResource,
  limitResources,
  limitWords,
  quotaRules,
  rateRules,
} from '#shared/limit-resources.ts';
import type { GatewayLimits, GatewayQuota } from '../../gateway/model/gateway.ts';
import { plainDecimal } from '../operations/catalogue/limit-state.ts';
import type { TableChange } from './table-columns.ts';

/** Relative changes as entered: `+10 %`, `-5 TB`. */
export type RelativeChange =
  | { quota: string }
  | { rates: { [Resource in LimitResource]?: string | undefined } };

/** Returns the relative part of a bulk change; undefined if it has none. */
export function relativeOf(change: TableChange): RelativeChange | undefined {
  if (change.change === 'adjustQuota') return { quota: change.by };
  return change.change === 'adjustLimits' ? { rates: change.by } : undefined;
}

/** Input with which the state of a target is read before its values are computed. */
export function inputToRead<Input extends object>(input: Input, relative: RelativeChange): Input {
  return { ...input, ...('quota' in relative ? { sizeGb: '1' } : { limits: { opsDefault: 1 } }) };
}

/** The state of a target that has a quota or rate limits. */
interface Current {
  quota?: GatewayQuota;
  limits?: GatewayLimits;
}

/**
 * Returns the input with the values that follow from those of its target.
 * @param known whether those were ever read
 * @returns also what stays, in words
 * @throws AppError `INPUT_INVALID` where there is nothing to change
 */
export function computedInput<Input extends object>(
  input: Input,
  relative: RelativeChange,
  { quota = null, limits = null }: Current,
  known: boolean,
): { input: Input; warnings: string[] } {
  if (!known) {
    throw invalidInput(
      'Its current value was never read, so that no change of it can be computed.',
      'Load its quota and limits, or preview the change while the gateway can be reached.',
    );
  }
  if ('quota' in relative) {
    const sizeGb = computed('quota', relative.quota, quota && String(quota.sizeGb), quotaRules);
    return { input: { ...input, sizeGb }, warnings: [] };
  }
  const rates: Record<string, unknown> = { ...(input as { limits?: object }).limits };
  const without: LimitResource[] = [];
  for (const resource of limitResources) {
    const by = relative.rates[resource];
    if (by === undefined) continue;
    const { name, shortUnit } = limitWords[resource];
    const now = limits && plainDecimal(limits[resource]);
    if (now === null || now === '0') without.push(resource);
    else rates[resource] = computed(name, by, now, rateRules(shortUnit));
  }
  const names = without.map((resource) => limitWords[resource].name).join(', ');
  if (Object.keys(rates).length === 0) {
    throw nothingToChange(limits ? `Unlimited: ${names}` : 'No rate limits are set');
  }
  const warnings = names === '' ? [] : [`Unlimited, so unchanged: ${names}.`];
  return { input: { ...input, limits: rates }, warnings };
}

function computed(name: string, by: string, now: string | null, rules: typeof quotaRules): string {
  if (now === null || now === '0') {
    throw nothingToChange(now === null ? `No ${name} is set` : `The ${name} is 0`);
  }
  const { value, error } = readNumberAgainst(by, now, rules);
  if (value === undefined) throw invalidInput(`Of ${now}: ${error}`, 'Enter another change.');
  if (value === '0') {
    throw invalidInput(`"${by}" of ${now} would be 0, which means something else.`, 'Enter less.');
  }
  return value;
}

function nothingToChange(why: string): AppError {
  return invalidInput(
    `${why}: there is no current value to change.`,
    'Enter a value for this target instead.',
  );
}
