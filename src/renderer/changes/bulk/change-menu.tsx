import { Button, Menu } from '@mantine/core';
import {
  IconChevronDown,
  IconDatabase,
  IconGauge,
  IconKeyOff,
  IconRotate,
  IconUserCheck,
  IconUserOff,
} from '@tabler/icons-react';
import { formatCounted } from '../../kit/components/format.ts';
import { useMenuEntries } from '../../kit/components/menu-entries.tsx';
import { openNewCampaign } from '../keys/new-campaign.tsx';
import { openChangeDialog } from './change-dialog.tsx';
import {
  type ChangeKind,
  type ChosenTargets,
  countOf,
  type KeyReferences,
} from './change-values.ts';

const entries: readonly {
  kind: ChangeKind;
  label: string;
  icon: typeof IconGauge;
  buckets: boolean;
}[] = [
  { kind: 'quota', label: 'Set quota', icon: IconDatabase, buckets: true },
  { kind: 'limits', label: 'Set rate limits', icon: IconGauge, buckets: true },
  { kind: 'enable', label: 'Enable', icon: IconUserCheck, buckets: false },
  { kind: 'disable', label: 'Disable', icon: IconUserOff, buckets: false },
  { kind: 'revoke', label: 'Revoke old access keys', icon: IconKeyOff, buckets: false },
];

/** Everything that can be changed on the rows selected in a list. */
export function ChangeMenu({ targets }: { targets: ChosenTargets }) {
  const items = useKindItems(
    entries.filter(({ buckets }) => buckets || targets.kind !== 'bucket'),
    targets,
  );
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button rightSection={<IconChevronDown size={14} />}>Change</Button>
      </Menu.Target>
      <Menu.Dropdown>{items}</Menu.Dropdown>
    </Menu>
  );
}

/** Shows what can be done with the access keys selected in a list, and with their owners. */
export function KeyChangeMenu({ keys }: { keys: KeyReferences }) {
  const owners = [...new Set(keys.map(({ userId }) => userId))];
  const campaign = (kind: 'rotate' | 'finish') => () =>
    openNewCampaign({ kind, of: { keys: [...keys] } });
  const named = (verb: string) => `${verb}: ${formatCounted(keys.length, 'key')} selected`;
  const rotates = <IconRotate size={15} />;
  const ofKeys = useMenuEntries(
    [
      {
        ...{ label: 'Rotate in a campaign', icon: rotates, start: campaign('rotate') },
        verb: named('Rotate in a campaign'),
      },
      {
        ...{ label: 'Finish rotations in a campaign', icon: rotates, start: campaign('finish') },
        verb: named('Finish rotations in a campaign'),
      },
      {
        ...{ label: 'Revoke these keys', verb: named('Revoke'), icon: <IconKeyOff size={15} /> },
        start: () => openChangeDialog({ kind: 'key', keys }, 'revoke'),
      },
    ],
    'selection',
  );
  const ofOwners = useKindItems(
    entries.filter(({ kind }) => kind === 'enable' || kind === 'disable'),
    { kind: 'user', ids: owners },
    'owner',
  );
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button rightSection={<IconChevronDown size={14} />}>Change</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {ofKeys}
        <Menu.Label>{formatCounted(owners.length, 'owner')}</Menu.Label>
        {ofOwners}
      </Menu.Dropdown>
    </Menu>
  );
}

/** @param called what they are in the palette, where not as they are counted */
function useKindItems(kinds: typeof entries, targets: ChosenTargets, called?: string) {
  const { count, noun } = countOf(targets);
  const words = formatCounted(count, called ?? noun);
  return useMenuEntries(
    kinds.map(({ kind, label, icon: Icon }) => ({
      ...{ label, icon: <Icon size={15} /> },
      verb: `${label}: ${words} ${called === undefined ? 'selected' : 'of the selected keys'}`,
      start: () => openChangeDialog(targets, kind),
    })),
    'selection',
  );
}
