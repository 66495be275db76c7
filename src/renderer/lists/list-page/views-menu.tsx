import { ActionIcon, Checkbox, Menu, TextInput, Tooltip } from '@mantine/core';
import { IconBookmark, IconBookmarkFilled, IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { ColumnLayout, SavedView } from '#shared/contract/preferences.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { type MenuEntry, useMenuEntries } from '../../kit/components/menu-entries.tsx';
import { ticked, typed } from '../../kit/components/typed.ts';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { usePreferences } from '../../kit/stores/preferences.ts';
import { forgetView, keepView, updateView, useOpenView, useViews } from './saved-views.ts';

/**
 * The saved views of a list: opens one, saves what is on screen as one, updates, renames and removes one.
 * @param props.table key of the list's columns, without the connection
 * @param props.layoutKey under which they are remembered now
 * @param props.base how they are before they are changed
 */
export function ViewsMenu(props: { table: string; layoutKey: string; base: ColumnLayout }) {
  const { table, layoutKey, base } = props;
  const { id: connectionId } = useCluster();
  const { views, current, page, query } = useViews(connectionId);
  const open = useOpenView(connectionId);
  const ofPage = views.filter((view) => view.page === page);
  const now = () => ({
    ...{ page, query, table },
    layout: usePreferences.getState().columns[layoutKey] ?? base,
  });
  const save = () =>
    openDialog((close) => (
      <SaveViewDialog view={now()} connectionId={connectionId} onClose={close} />
    ));
  const changesOf = (view: SavedView): MenuEntry[] => [
    { label: `Update “${view.name}”`, start: () => updateView(connectionId, view, query) },
    {
      label: `Rename “${view.name}”`,
      start: () => openDialog((close) => <RenameViewDialog view={view} onClose={close} />),
    },
    { label: `Remove “${view.name}”`, destructive: true, start: () => forgetView(view) },
  ];
  const items = useMenuEntries([
    { label: 'Save this view', keywords: 'filters', start: save },
    ...(current ? changesOf(current) : []),
  ]);
  const Icon = current ? IconBookmarkFilled : IconBookmark;
  return (
    <Menu position="bottom-end" width={260}>
      <Tooltip label={current ? `View: ${current.name}` : 'Views'}>
        <Menu.Target>
          <ActionIcon aria-label="Views">
            <Icon size={16} />
          </ActionIcon>
        </Menu.Target>
      </Tooltip>
      <Menu.Dropdown>
        {ofPage.length > 0 && <Menu.Label>Saved views</Menu.Label>}
        {ofPage.map((view) => (
          <Menu.Item
            key={view.id}
            onClick={() => open(view)}
            rightSection={view === current ? <IconCheck size={14} aria-label="on screen" /> : null}
          >
            {view.name}
          </Menu.Item>
        ))}
        {ofPage.length > 0 && <Menu.Divider />}
        {items}
      </Menu.Dropdown>
    </Menu>
  );
}

function SaveViewDialog(props: {
  view: Omit<SavedView, 'id' | 'name' | 'connectionId'>;
  connectionId: string;
  onClose(): void;
}) {
  const { view, connectionId, onClose } = props;
  const [name, setName] = useState('');
  const [everywhere, setEverywhere] = useState(false);
  const save = async () =>
    keepView({
      ...view,
      id: crypto.randomUUID(),
      name: name.trim(),
      connectionId: everywhere ? null : connectionId,
    });
  return (
    <ConfirmDialog
      verb="Save view"
      disabled={name.trim() === ''}
      onConfirm={save}
      onClose={onClose}
    >
      <p className="oc-hint">
        Search, filters, sort and columns as they are now. The view is in the rail under its page,
        and in the command palette.
      </p>
      <ViewName value={name} onChange={setName} />
      <Checkbox label="Offer it on every cluster" {...ticked(everywhere, setEverywhere)} />
    </ConfirmDialog>
  );
}

function RenameViewDialog({ view, onClose }: { view: SavedView; onClose(): void }) {
  const [name, setName] = useState(view.name);
  return (
    <ConfirmDialog
      verb="Rename view"
      disabled={name.trim() === ''}
      onConfirm={async () => keepView({ ...view, name: name.trim() })}
      onClose={onClose}
    >
      <ViewName value={name} onChange={setName} />
    </ConfirmDialog>
  );
}

function ViewName({ value, onChange }: { value: string; onChange(name: string): void }) {
  return <TextInput label="Name" {...typed(value, onChange)} maxLength={60} data-autofocus />;
}
