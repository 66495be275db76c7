import { type NumberRules, readEnteredNumber } from '#shared/entered-number.ts';
import { type LimitResource, limitRows } from '#shared/limit-resources.ts';
import { rateRules } from '../limits/edit-limits.tsx';
import { readQuota } from '../limits/edit-quota.tsx';
import type { BulkChange } from './sources.ts';

/** What kind of change is selected in the form. */
export type ChangeKind = 'quota' | 'limits' | 'enable' | 'disable' | 'revoke';

/** What is entered in the form; texts as typed. */
export interface ChangeValues {
  kind: ChangeKind;
  quota: 'value' | 'zero' | 'none';
  sizeGb: string;
  limits: 'values' | 'none';
  rates: Record<LimitResource, string>;
  olderThanDays: string;
}

/** The form before anything was entered. */
export function emptyChange(kind: ChangeKind): ChangeValues {
  return {
    kind,
    quota: 'value',
    sizeGb: '',
    limits: 'values',
    rates: {
      opsDefault: '',
      opsGet: '',
      opsPut: '',
      opsList: '',
      opsDelete: '',
      bandwidthOut: '',
    },
    olderThanDays: '365',
  };
}

/** How an age in days is read. */
export const daysRules = { unit: 'days', most: 36_500 } satisfies NumberRules;

/** The change that was entered; null while it is not complete or not right. */
export function changeOf(values: ChangeValues): BulkChange | null {
  switch (values.kind) {
    case 'quota':
      if (values.quota === 'none') return { change: 'clearQuota' };
      if (values.quota === 'zero') return { change: 'setQuota', sizeGb: 0 };
      return setQuota(values.sizeGb);
    case 'limits':
      return values.limits === 'none' ? { change: 'clearLimits' } : setLimits(values.rates);
    case 'enable':
    case 'disable':
      return { change: values.kind };
    case 'revoke':
      return revokeOldKeys(values.olderThanDays);
  }
}

function setQuota(text: string): BulkChange | null {
  const { value } = readQuota(text);
  return value === undefined ? null : { change: 'setQuota', sizeGb: value };
}

function revokeOldKeys(text: string): BulkChange | null {
  const { value } = readEnteredNumber(text, daysRules);
  return value === undefined ? null : { change: 'revokeOldKeys', olderThanDays: Number(value) };
}

function setLimits(rates: Record<LimitResource, string>): BulkChange | null {
  const limits: Partial<Record<LimitResource, number>> = {};
  for (const { id, shortUnit } of limitRows) {
    if (rates[id].trim() === '') continue;
    const { value } = readEnteredNumber(rates[id], rateRules(shortUnit));
    if (value === undefined) return null;
    limits[id] = Number(value);
  }
  return Object.keys(limits).length === 0 ? null : { change: 'setLimits', limits };
}
