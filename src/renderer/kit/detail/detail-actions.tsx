import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { GuardedButton, useActionHold } from '../components/guarded-button.tsx';
import { useShortcut } from '../shortcuts.ts';
import { useOfferOnScreen } from '../stores/on-screen.ts';
import { openPlanChooser, plannableActions } from './plan-chooser.tsx';
import { type ActionEntry, actionOn } from './sections.tsx';

const asButtons = 3;

/**
 * The actions of a detail: three buttons at most, the rest in an overflow menu; all of them are in the
 * command palette too. What writes is off, with the reason in a tooltip, while the cluster takes no writes.
 */
export function DetailActions<Subject>(props: {
  actions: readonly ActionEntry<Subject>[];
  subject: Subject;
  called: { noun: string; name: string };
}) {
  const { subject } = props;
  const blocked = useActionHold();
  const { name } = props.called;
  const planned = plannableActions(props.actions, subject);
  const actions: ActionEntry<Subject>[] = [
    ...props.actions.filter((action) => action.applies?.(subject) ?? true),
    ...(planned.length === 0
      ? []
      : [
          {
            id: 'plans.add',
            label: () => 'Add to plan',
            keywords: 'later offline change plan',
            writes: true,
            start: () => openPlanChooser(planned, subject, name),
          },
        ]),
  ];
  useOfferOnScreen(() =>
    actions.map((action) => ({
      id: action.id,
      label: actionOn(action, subject, props.called),
      button: action.label(subject),
      keywords: action.keywords,
      reason: blocked(action),
      start: () => action.start(subject),
    })),
  );
  const buttons = actions.filter(({ destructive }) => !destructive).slice(0, asButtons);
  const rest = actions.filter((action) => !buttons.includes(action));
  return (
    <>
      {actions.map(
        (action) =>
          action.shortcut && (
            <ActionShortcut
              key={action.id}
              shortcut={action.shortcut}
              run={() => blocked(action) === null && action.start(subject)}
            />
          ),
      )}
      {buttons.map((action) => (
        <GuardedButton
          key={action.id}
          size="compact-sm"
          variant="default"
          reason={blocked(action)}
          onClick={() => action.start(subject)}
        >
          {action.label(subject)}
        </GuardedButton>
      ))}
      {rest.length > 0 && (
        <Menu position="bottom-end" width={220}>
          <Menu.Target>
            <ActionIcon size={26} variant="default" aria-label="More actions">
              <IconDots size={14} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {rest.map((action) => (
              <ActionItem key={action.id} {...{ action, subject }} reason={blocked(action)} />
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}

/** An action in a menu; off where there is a reason. */
export function ActionItem<Subject>(props: {
  action: ActionEntry<Subject>;
  subject: Subject;
  reason: string | null;
}) {
  const { action, subject, reason } = props;
  return (
    <Menu.Item
      {...(action.destructive ? { color: 'var(--oc-bad)' } : {})}
      disabled={reason !== null}
      title={reason ?? undefined}
      onClick={() => action.start(subject)}
    >
      {action.label(subject)}
    </Menu.Item>
  );
}

function ActionShortcut({ shortcut, run }: { shortcut: string; run: () => void }) {
  useShortcut(shortcut, run);
  return null;
}
