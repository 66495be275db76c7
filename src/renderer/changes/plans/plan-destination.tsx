import { Select, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { keptPlanPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { dateFormat, formatCounted } from '../../kit/components/format.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';

type KeptPlan = CallOutput<'plans.list'>[number];

/** What is added: one change, or all of a source. */
type Addition = Pick<CallInput<'plans.add'>, 'change' | 'source'>;

/** In place of the id of a plan: one that is made for the change. */
export const newPlan = 'new';

/** The plan that changes of a cluster were last added to in this session, by connection. */
const lastPlans = new Map<string, string>();

function usualName(): string {
  const day = dateFormat('local', { day: 'numeric', month: 'short', year: 'numeric' });
  return `Changes of ${day.format(new Date())}`;
}

/** Where a change goes that is not sent now: which plan, under which name, with which comment. */
export interface PlanDestination {
  /** False while the new plan has no name. */
  ready: boolean;
  plans: readonly KeptPlan[];
  planId: string;
  name: string;
  comment: string;
  set(update: Partial<Pick<PlanDestination, 'planId' | 'name' | 'comment'>>): void;
  add(addition: Addition): Promise<CallOutput<'plans.add'>>;
}

/** @param enabled false: no plan is asked for */
export function usePlanDestination(enabled: boolean): PlanDestination {
  const call = useConsole();
  const { id: connectionId } = useCluster();
  const plans = (useCall('plans.list', { connectionId }, { enabled }).data ?? []).filter(
    ({ runId }) => runId === null,
  );
  const [entered, setEntered] = useState<{ planId?: string; name: string; comment: string }>(
    () => ({ name: usualName(), comment: '' }),
  );
  const last = plans.find(({ planId }) => planId === lastPlans.get(connectionId)) ?? plans[0];
  const planId = entered.planId ?? last?.planId ?? newPlan;
  const name = entered.name.trim();
  const comment = entered.comment.trim();
  return {
    ready: planId !== newPlan || name !== '',
    plans,
    planId,
    name: entered.name,
    comment: entered.comment,
    set: (update) => setEntered((before) => ({ ...before, ...update })),
    add: async (addition) => {
      const added = await call('plans.add', {
        connectionId,
        ...(planId === newPlan ? { name } : { planId }),
        ...addition,
        ...(comment === '' ? {} : { comment }),
      });
      lastPlans.set(connectionId, added.planId);
      tellAdded(connectionId, added);
      return added;
    },
  };
}

function tellAdded(connectionId: string, added: CallOutput<'plans.add'>): void {
  const { planId, name, replaced, warnings } = added;
  notifications.show({
    title: `${formatCounted(added.added, 'change')} added to “${name}”`,
    message: (
      <>
        {replaced > 0 && `In place of ${formatCounted(replaced, 'earlier change')}. `}
        Nothing was sent.{' '}
        <a href={`#${keptPlanPath(connectionId, planId)}`} style={{ textDecoration: 'underline' }}>
          Open plan
        </a>
      </>
    ),
    closeButtonProps: { 'aria-label': 'Dismiss' },
  });
  for (const warning of warnings) {
    notifications.show({ color: 'yellow', title: 'About the plan', message: warning });
  }
}

/** Asks for the plan that takes a change. */
export function PlanFields(props: { destination: PlanDestination; disabled: boolean }) {
  const { destination, disabled } = props;
  const { plans, planId, set } = destination;
  return (
    <>
      <Select
        label="Plan"
        description="Nothing is sent now. Before a plan is applied, every target is compared with the live cluster."
        disabled={disabled}
        value={planId}
        onChange={(value) => set({ planId: value ?? newPlan })}
        data={[
          ...plans.map((plan) => ({
            value: plan.planId,
            label: `${plan.name} (${formatCounted(plan.changes, 'change')})`,
          })),
          { value: newPlan, label: 'New plan' },
        ]}
      />
      {planId === newPlan && (
        <TextInput
          label="Name of the plan"
          value={destination.name}
          maxLength={120}
          disabled={disabled}
          onChange={(event) => set({ name: event.currentTarget.value })}
          autoComplete="off"
        />
      )}
      <Textarea
        label="Comment (optional)"
        description="Kept with the change in the plan."
        value={destination.comment}
        maxLength={2000}
        autosize
        minRows={1}
        maxRows={4}
        disabled={disabled}
        onChange={(event) => set({ comment: event.currentTarget.value })}
      />
    </>
  );
}
