import { IconInfinity } from '@tabler/icons-react';
import type { CallOutput } from '#shared/contract/index.ts';
import { fromWireInteger, quotaZeroNote } from '#shared/units.ts';
import { formatCount, formatNumber } from '../../kit/components/format.ts';
import type { DialogSubject } from '../operation/dialog-target.tsx';
import classes from './limits.module.css';

/** There is no own value: the default applies, or nothing limits. Never shown as a number. */
export function NotSet({ title }: { title?: string }) {
  return (
    <span className={classes.notSet} title={title}>
      not set
    </span>
  );
}

/**
 * Zero, which the gateway takes for "no limit".
 * @param props.short the sign alone, where the word has no room
 */
export function Unlimited({ short = false }: { short?: boolean }) {
  return (
    <span
      className={short ? classes.unlimited : `oc-icon-word ${classes.unlimited}`}
      title="Set to 0, which means unlimited"
    >
      <IconInfinity size={14} aria-hidden />
      <span className={short ? 'oc-hidden' : undefined}>unlimited</span>
    </span>
  );
}

/** A quota: not set, or GB as they are sent. */
export function QuotaValue({ quota }: { quota: QuotaState }) {
  if (!quota.set || quota.sizeGb === null) return <NotSet />;
  const size = fromWireInteger(quota.sizeGb);
  return (
    <span
      className="oc-number"
      title={size === 0n ? quotaZeroNote : 'Sent to the gateway in GB, unconverted'}
    >
      {formatCount(size)} <span className="oc-dimmed">GB</span>
    </span>
  );
}

/**
 * A rate limit: not set, unlimited or a number a second.
 * @param props.rate undefined: not set
 */
export function RateValue({ rate, unit }: { rate: number | undefined; unit: string }) {
  if (rate === undefined) return <NotSet />;
  if (rate === 0) return <Unlimited />;
  return (
    <span className="oc-number">
      {formatNumber(rate, 2)} <span className="oc-dimmed">{unit}</span>
    </span>
  );
}

/** Limits as read: not set, or all six. */
export type LimitState = Pick<CallOutput<'limits.get'>, 'set' | 'limits'>;

export type QuotaState = Pick<CallOutput<'quotas.get'>, 'set' | 'sizeGb'>;

export type LimitTarget = { user: string } | { bucket: string };

export type QuotaTarget = LimitTarget | { default: 'user' | 'bucket' };

export function subjectOf(target: QuotaTarget): DialogSubject {
  if ('user' in target) return { kind: 'user', id: target.user };
  if ('bucket' in target) return { kind: 'bucket', id: target.bucket, name: target.bucket };
  return { kind: 'default', id: target.default, name: `of every ${target.default}` };
}
