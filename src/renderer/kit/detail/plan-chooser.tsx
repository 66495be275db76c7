import { Modal } from '@mantine/core';
import { SecondaryButton } from '../components/buttons.ts';
import { beginPlanned, openDialog } from '../stores/dialogs.ts';
import type { ActionEntry } from './sections.tsx';

/** The actions on a subject whose change can be added to a plan. */
export function plannableActions<Subject>(
  actions: readonly ActionEntry<Subject>[],
  subject: Subject,
): readonly ActionEntry<Subject>[] {
  return actions.filter(
    ({ writes, notPlannable, applies }) =>
      writes && notPlannable === undefined && (applies?.(subject) ?? true),
  );
}

function PlanChooser<Subject>(props: {
  actions: readonly ActionEntry<Subject>[];
  subject: Subject;
  name: string;
  onClose(): void;
}) {
  const { actions, subject, onClose } = props;
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Add to plan: ${props.name}`}
      size={420}
      returnFocus={false}
    >
      <div className="oc-form">
        <p className="oc-hint">Nothing is sent now. Which change should the plan contain?</p>
        {actions.map((action, index) => (
          <SecondaryButton
            key={action.id}
            justify="flex-start"
            data-autofocus={index === 0 || undefined}
            onClick={() => {
              onClose();
              beginPlanned(() => action.start(subject));
            }}
          >
            {action.label(subject)}
          </SecondaryButton>
        ))}
      </div>
    </Modal>
  );
}

/** Asks which change of a subject is to be added to a plan, then opens its dialog. */
export function openPlanChooser<Subject>(
  actions: readonly ActionEntry<Subject>[],
  subject: Subject,
  name: string,
): void {
  openDialog((close) => (
    <PlanChooser actions={actions} subject={subject} name={name} onClose={close} />
  ));
}
