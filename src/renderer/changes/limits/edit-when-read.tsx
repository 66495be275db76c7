import { Modal } from '@mantine/core';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { notPlannable, useWriteGuard } from '../../kit/components/guarded-button.tsx';
import type { ActionEntry } from '../../kit/detail/sections.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { useDelayed } from '../../kit/timers.ts';
import { DialogTarget } from '../operation/dialog-target.tsx';
import { useOnceRead } from '../operation/use-once-read.ts';
import { openEditLimits } from './edit-limits.tsx';
import { openEditQuota } from './edit-quota.tsx';
import {
  type LimitState,
  type LimitTarget,
  type QuotaState,
  type QuotaTarget,
  subjectOf,
} from './limit-value.tsx';

const unreadQuota: QuotaState = { set: false, sizeGb: null };
const unreadLimits: LimitState = { set: false, limits: {} };

/** What was read; while the gateway can't be reached a plan is made without what was never read. */
function useRead<Value>(
  { data, error }: { data: Value | undefined; error: unknown },
  unread: Value,
): Value | undefined {
  const { plannable } = useWriteGuard();
  return data ?? (error && plannable ? unread : undefined);
}

interface First<Target> {
  target: Target;
  temporary: boolean;
  onClose(): void;
}

/** Reads the quota first, then opens its dialog in the own place. */
function QuotaFirst(props: First<QuotaTarget> & { prepared: string | undefined }) {
  const { target, prepared, temporary, onClose } = props;
  const { id: connectionId } = useCluster();
  const query = useCall('quotas.get', { connectionId, target });
  useOnceRead(useRead(query, unreadQuota), onClose, (quota) =>
    openEditQuota(target, quota, temporary, prepared),
  );
  return <Waiting title="Set quota" target={target} query={query} onClose={onClose} />;
}

/** Reads the limits first, then opens their dialog in the own place. */
function LimitsFirst(props: First<LimitTarget> & { prepared: LimitState['limits'] }) {
  const { target, prepared, temporary, onClose } = props;
  const { id: connectionId } = useCluster();
  const query = useCall('limits.get', { connectionId, target });
  useOnceRead(useRead(query, unreadLimits), onClose, (limits) =>
    openEditLimits(target, limits, temporary, prepared),
  );
  return <Waiting title="Set rate limits" target={target} query={query} onClose={onClose} />;
}

function Waiting(props: {
  title: string;
  target: QuotaTarget;
  query: Pick<ReturnType<typeof useCall<'quotas.get' | 'limits.get'>>, 'error' | 'refetch'>;
  onClose(): void;
}) {
  const { error, refetch } = props.query;
  const slow = useDelayed(true, 150);
  if (!error && !slow) return null;
  return (
    <Modal opened onClose={props.onClose} title={props.title} size={520} returnFocus={false}>
      <DialogTarget subject={subjectOf(props.target)} />
      {error ? (
        <ErrorPanel error={error} compact onRetry={() => void refetch()} />
      ) : (
        <p className="oc-dimmed" role="status">
          Reading what is set now …
        </p>
      )}
    </Modal>
  );
}

/**
 * Opens the dialog of a quota that is not on screen: reads it first.
 * @param temporary whether it starts out as a change that ends
 * @param prepared GB to begin with in place of those in force
 */
export function editQuotaOf(target: QuotaTarget, temporary = false, prepared?: string): void {
  openDialog((close) => <QuotaFirst {...{ target, prepared, temporary }} onClose={close} />);
}

/**
 * Opens the dialog of rate limits that are not on screen: reads them first.
 * @param prepared rates to begin with, in place of those in force
 * @param temporary whether it starts out as a change that ends
 */
export function editLimitsOf(
  target: LimitTarget,
  prepared: LimitState['limits'] = {},
  temporary = false,
): void {
  openDialog((close) => <LimitsFirst {...{ target, prepared, temporary }} onClose={close} />);
}

/** The actions on the quota and the rate limits of a user or a bucket. */
export function limitActions<Subject>(
  targetOf: (subject: Subject) => LimitTarget,
): readonly ActionEntry<Subject>[] {
  return [
    {
      id: 'quotas.set',
      label: () => 'Set quota',
      keywords: 'size limit gigabytes raise',
      writes: true,
      shortcut: 'e',
      start: (subject) => editQuotaOf(targetOf(subject)),
    },
    {
      id: 'limits.set',
      label: () => 'Set rate limits',
      keywords: 'operations bandwidth throttle',
      writes: true,
      start: (subject) => editLimitsOf(targetOf(subject)),
    },
    {
      id: 'pressure.raiseQuota',
      label: () => 'Raise quota until a day',
      keywords: 'temporary exception expiry more',
      writes: true,
      notPlannable: notPlannable.ends,
      start: (subject) => editQuotaOf(targetOf(subject), true),
    },
    {
      id: 'pressure.raiseLimits',
      label: () => 'Raise rate limits until a day',
      keywords: 'temporary exception expiry operations bandwidth',
      writes: true,
      notPlannable: notPlannable.ends,
      start: (subject) => editLimitsOf(targetOf(subject), {}, true),
    },
  ];
}
