import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import type { ActionEntry } from '../../kit/detail/sections.tsx';
import { useWriteGuard } from '../../kit/use-write-guard.ts';
import { rowMenuMark } from '../../lists/table/row-menu.ts';

interface RowActionsProps<Subject> {
  actions: readonly ActionEntry<Subject>[];
  subject: Subject;
}

/**
 * The actions of one row behind three dots, at the end of the row. By keyboard: the list opens the
 * menu of the row it is on.
 * @param props.name what the row is called, for screen readers
 */
export function RowActions<Subject>(props: RowActionsProps<Subject> & { name: string }) {
  const { actions, subject, name } = props;
  return (
    <span data-row-hover data-row-action>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon
            size={22}
            tabIndex={-1}
            aria-label={`Actions on ${name}`}
            // Tab does not stop here: the list keeps the focus, and the menu gives it back to the list
            onMouseDown={(event) => event.preventDefault()}
            {...{ [rowMenuMark]: true }}
          >
            <IconDots size={14} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Items actions={actions} subject={subject} />
        </Menu.Dropdown>
      </Menu>
    </span>
  );
}

function Items<Subject>({ actions, subject }: RowActionsProps<Subject>) {
  const guard = useWriteGuard();
  const offered = actions.filter((action) => action.applies?.(subject) ?? true);
  return offered.map((action) => {
    const off = action.writes && !guard.allowed && !guard.unlockable;
    return (
      <Menu.Item
        key={action.id}
        {...(action.destructive ? { color: 'var(--oc-bad)' } : {})}
        disabled={off}
        title={off ? (guard.reason ?? undefined) : undefined}
        onClick={() => action.start(subject)}
      >
        {action.label(subject)}
      </Menu.Item>
    );
  });
}
