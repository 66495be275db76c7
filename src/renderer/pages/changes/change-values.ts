import { quotaError } from '../../components/limits/edit-quota.tsx';
import type { BulkChange } from './sources.ts';

/** What kind of change is chosen in the form. */
export type ChangeKind = 'quota' | 'limits' | 'enable' | 'disable' | 'revoke';

/** The rates a limit can be set on, with what they are called and counted in. */
export const rateFields = [
  { id: 'opsDefault', label: 'Default', unit: 'ops/s' },
  { id: 'opsGet', label: 'Get', unit: 'ops/s' },
  { id: 'opsPut', label: 'Put', unit: 'ops/s' },
  { id: 'opsList', label: 'List', unit: 'ops/s' },
  { id: 'opsDelete', label: 'Delete', unit: 'ops/s' },
  { id: 'bandwidthOut', label: 'Bandwidth out', unit: 'kB/s' },
] as const;

/** Name of a rate. */
export type RateName = (typeof rateFields)[number]['id'];

/** What is entered in the form; texts as typed. */
export interface ChangeValues {
  kind: ChangeKind;
  quota: 'value' | 'unlimited' | 'none';
  sizeGb: string;
  limits: 'values' | 'none';
  rates: Record<RateName, string>;
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

/** Whether a text is a rate: two decimals at most. */
export function isRate(text: string): boolean {
  return /^\d{1,12}(\.\d{1,2})?$/.test(text.trim());
}

/** Whether a text is a number of days. */
export function isDays(text: string): boolean {
  return /^\d{1,5}$/.test(text.trim()) && Number(text) <= 36_500;
}

/** The change that was entered; null while it is not complete or not right. */
export function changeOf(values: ChangeValues): BulkChange | null {
  switch (values.kind) {
    case 'quota':
      if (values.quota === 'none') return { change: 'clearQuota' };
      if (values.quota === 'unlimited') return { change: 'setQuota', sizeGb: 0 };
      return quotaError(values.sizeGb.trim()) === null
        ? { change: 'setQuota', sizeGb: values.sizeGb.trim() }
        : null;
    case 'limits':
      return values.limits === 'none' ? { change: 'clearLimits' } : setLimits(values.rates);
    case 'enable':
    case 'disable':
      return { change: values.kind };
    case 'revoke':
      return isDays(values.olderThanDays)
        ? { change: 'revokeOldKeys', olderThanDays: Number(values.olderThanDays) }
        : null;
  }
}

function setLimits(rates: Record<RateName, string>): BulkChange | null {
  const entered = Object.entries(rates).filter(([, text]) => text.trim() !== '');
  if (entered.length === 0 || entered.some(([, text]) => !isRate(text))) return null;
  const limits = Object.fromEntries(entered.map(([name, text]) => [name, Number(text)]));
  return { change: 'setLimits', limits };
}
