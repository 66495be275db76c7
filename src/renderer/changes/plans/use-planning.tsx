import { useState } from 'react';
import type { CallInput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { notPlannable, useWriteGuard } from '../../kit/components/guarded-button.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { usePlanMode } from '../../kit/stores/plan-mode.tsx';
import { useAction } from '../../kit/use-action.ts';
import { type PlanDestination, PlanFields, usePlanDestination } from './plan-destination.tsx';

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
  adding: boolean;
  error: AppError | null;
  add(): void;
}

/**
 * @param options.change null while the form is not complete
 * @param options.plannable false for what shows a secret
 * @param options.ends whether it is sent in another way, which no plan has: a change that ends on its own
 */
export function usePlanning(options: {
  change: CallInput<'plans.add'>['change'] | null;
  plannable: boolean;
  ends: boolean;
  onClose(): void;
}): Planning {
  const { change, onClose } = options;
  const plannable = options.plannable && !options.ends;
  const call = useConsole();
  const { id: connectionId } = useCluster();
  const guard = useWriteGuard();
  const { planned, edited } = usePlanMode();
  const forced = edited !== null || guard.plannable;
  const [wanted, setWanted] = useState(planned);
  const isWanted = options.plannable && (forced || wanted);
  const on = isWanted && plannable;
  const destination = usePlanDestination(on && edited === null);
  const { running, error, run } = useAction();
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
    toggle: plannable && !forced ? () => setWanted(!wanted) : null,
    verb: edited ? 'Save in plan' : 'Add to plan',
    destination,
    asks: edited === null,
    reason: guard.plannable ? guard.reason : null,
    held: isWanted && options.ends ? notPlannable.ends : null,
    adding: running,
    error,
    add: () => void add(),
  };
}

/** Shows which plan takes the change, and why it is not sent. */
export function PlanPart({ planning, disabled }: { planning: Planning; disabled: boolean }) {
  if (!planning.on) return null;
  const { asks, destination, error, reason } = planning;
  return (
    <>
      {asks && reason !== null && <div className="oc-dimmed">{reason}</div>}
      {asks && <PlanFields destination={destination} disabled={disabled} />}
      {error && <ErrorPanel error={error} compact />}
    </>
  );
}
