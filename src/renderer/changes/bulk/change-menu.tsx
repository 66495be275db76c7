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
import { useOfferOnScreen } from '../../kit/stores/on-screen.ts';
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
  const offered = entries.filter(({ buckets }) => buckets || targets.kind !== 'bucket');
  const { count, noun } = countOf(targets);
  useOfferOnScreen(() =>
    offered.map(({ kind, label }) => ({
      id: `selected-${kind}`,
      label: `${label}: ${formatCounted(count, noun)} selected`,
      reason: null,
      start: () => openChangeDialog(targets, kind),
    })),
  );
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button rightSection={<IconChevronDown size={14} />}>Change</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <KindItems kinds={offered} targets={targets} />
      </Menu.Dropdown>
    </Menu>
  );
}

/** Shows what can be done with the access keys selected in a list, and with their owners. */
export function KeyChangeMenu({ keys }: { keys: KeyReferences }) {
  const owners = [...new Set(keys.map(({ userId }) => userId))];
  const ofOwners: ChosenTargets = { kind: 'user', ids: owners };
  const revoke = () => openChangeDialog({ kind: 'key', keys }, 'revoke');
  const campaign = (kind: 'rotate' | 'finish') =>
    openNewCampaign({ kind, of: { keys: [...keys] } });
  useOfferOnScreen(() => [
    {
      id: 'selected-campaign',
      label: `Rotate in a campaign: ${formatCounted(keys.length, 'key')} selected`,
      reason: null,
      start: () => campaign('rotate'),
    },
    {
      id: 'selected-keys',
      label: `Revoke: ${formatCounted(keys.length, 'key')} selected`,
      reason: null,
      start: revoke,
    },
  ]);
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button rightSection={<IconChevronDown size={14} />}>Change</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconRotate size={15} />} onClick={() => campaign('rotate')}>
          Rotate in a campaign
        </Menu.Item>
        <Menu.Item leftSection={<IconRotate size={15} />} onClick={() => campaign('finish')}>
          Finish rotations in a campaign
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyOff size={15} />} onClick={revoke}>
          Revoke these keys
        </Menu.Item>
        <Menu.Label>{formatCounted(owners.length, 'owner')}</Menu.Label>
        <KindItems
          kinds={entries.filter(({ kind }) => kind === 'enable' || kind === 'disable')}
          targets={ofOwners}
        />
      </Menu.Dropdown>
    </Menu>
  );
}

function KindItems({ kinds, targets }: { kinds: typeof entries; targets: ChosenTargets }) {
  return kinds.map(({ kind, label, icon: Icon }) => (
    <Menu.Item
      key={kind}
      leftSection={<Icon size={15} />}
      onClick={() => openChangeDialog(targets, kind)}
    >
      {label}
    </Menu.Item>
  ));
}
