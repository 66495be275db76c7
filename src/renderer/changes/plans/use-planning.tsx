import { useEffect, useMemo, useState } from 'react';
import type { CallInput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { notPlannable, useWriteGuard } from '../../kit/components/guarded-button.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { usePlanMode } from '../../kit/stores/plan-mode.tsx';
import { useAction } from '../../kit/use-action.ts';
import {
  newPlan,
  type PlanDestination,
  PlanFields,
  usePlanDestination,
} from './plan-destination.tsx';

type Change = NonNullable<CallInput<'plans.add'>['change']>;

/** The operation and the id of what it is done to. */
interface About {
  operation: string;
  targetId: string | undefined;
}

/** Fields as a plan leaves them; null: not set. */
export type PlannedFields = Readonly<Record<string, string | null>>;

/** Whether a dialog's change goes to a plan, and what adds it there. */
export interface Planning {
  on: boolean;
  /** What the preview goes by: a plan is made from what was last seen. */
  readFrom: 'gateway' | 'snapshot';
  /** Switches between sending and planning; null where only one of them can be done. */
  toggle: (() => void) | null;
  verb: string;
  destination: PlanDestination;
  /** Whether the plan is asked for; a row of a plan that is edited stays in it. */
  asks: boolean;
  /** Why it can't be sent; null where it could be. */
  reason: string | null;
  /** Why it can't be planned although that is wanted; null where nothing keeps it from that. */
  held: string | null;
  /** What the selected plan leaves of the target, by field; null where it does not change it. */
  planned: PlannedFields | null;
  adding: boolean;
  error: AppError | null;
  add(): void;
}

/**
 * @param options.change null while the form is not complete
 * @param options.about what the form is about, complete or not
 * @param options.onPlanned takes what the selected plan leaves of it
 * @param options.ends whether it is sent in another way, which no plan has: a change that ends on its own
 */
export function usePlanning(options: {
  change: Change | null;
  ends: boolean;
  about: About;
  onPlanned: ((fields: PlannedFields | null) => void) | undefined;
  onClose(): void;
}): Planning {
  const { change, onClose } = options;
  const call = useConsole();
  const { id: connectionId } = useCluster();
  const guard = useWriteGuard();
  const { planned: isPlanned, edited } = usePlanMode();
  const forced = edited !== null || guard.plannable;
  const [wanted, setWanted] = useState(isPlanned);
  const isWanted = forced || wanted;
  const on = isWanted && !options.ends;
  const destination = usePlanDestination(on && edited === null);
  const { running, error, run } = useAction();
  const planned = usePlanned(on && edited === null ? destination.planId : newPlan, options.about);
  const { onPlanned } = options;
  // biome-ignore lint/correctness/useExhaustiveDependencies: called when it changes, whichever function it is
  useEffect(() => onPlanned?.(planned), [planned]);
  const add = () =>
    run(async () => {
      if (!change) return;
      if (edited) await call('plans.editRow', { connectionId, ...edited, change });
      else await destination.add({ change });
      onClose();
    });
  return {
    on,
    readFrom: on ? 'snapshot' : 'gateway',
    toggle: !options.ends && !forced ? () => setWanted(!wanted) : null,
    verb: edited ? 'Save in plan' : 'Add to plan',
    destination,
    asks: edited === null,
    reason: guard.plannable ? guard.reason : null,
    held: isWanted && options.ends ? notPlannable.ends : null,
    planned,
    adding: running,
    error,
    add: () => void add(),
  };
}

/** What a plan leaves of the quota or the rate limits that a change is about: a later one takes its place. */
function usePlanned(planId: string, { operation, targetId = '' }: About): PlannedFields | null {
  const { id: connectionId } = useCluster();
  const family = /^(?:quotas|limits)\./.exec(operation)?.[0] ?? '';
  const page = { connectionId, planId, search: targetId, offset: 0, limit: 100 };
  const { data } = useCall('plans.rows', page, { enabled: planId !== newPlan && family !== '' });
  const last = data?.rows.findLast(
    (row) => row.target.id === targetId && row.operation.startsWith(family),
  );
  return (
    useMemo(
      () => last && Object.fromEntries(last.fields.map(({ field, after }) => [field, after])),
      [last],
    ) ?? null
  );
}

/** Shows which plan takes the change, and why it is not sent. */
export function PlanPart(props: { planning: Planning; disabled: boolean; makesKey: boolean }) {
  const { planning, disabled } = props;
  if (!planning.on) return null;
  const { asks, destination, error, reason, planned } = planning;
  return (
    <>
      {asks && reason !== null && <div className="oc-dimmed">{reason}</div>}
      {asks && <PlanFields destination={destination} disabled={disabled} />}
      {props.makesKey && (
        <div className="oc-dimmed">
          No plan holds a secret: the key is generated when the plan is applied, and the run’s row
          then opens its handover sheet.
        </div>
      )}
      {planned && (
        <div className="oc-dimmed">
          This plan already changes this: the new value takes its place, and a change such as +10 %
          counts from it.
        </div>
      )}
      {error && <ErrorPanel error={error} compact />}
    </>
  );
}
