import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { UserChoice, useUserChoice } from '../user-choice.tsx';
import type { Plan } from './plan-values.ts';

/** Gives a user of any cluster a plan. Nothing is sent: where it differs, Plan drift shows it. */
export function AssignDialog({ plan, onClose }: { plan: Plan; onClose(): void }) {
  const call = useConsole();
  const choice = useUserChoice();
  const { connectionId, userId } = choice;
  return (
    <ConfirmDialog
      verb="Assign plan"
      subject={plan.name}
      disabled={userId === null}
      onConfirm={async () => {
        if (userId === null) return;
        await call('servicePlans.assign', { id: plan.id, holder: { connectionId, userId } });
      }}
      onClose={onClose}
    >
      <UserChoice choice={choice} />
    </ConfirmDialog>
  );
}
