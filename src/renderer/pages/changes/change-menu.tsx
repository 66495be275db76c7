import { Button, Menu } from '@mantine/core';
import {
  IconChevronDown,
  IconDatabase,
  IconGauge,
  IconKeyOff,
  IconUserCheck,
  IconUserOff,
} from '@tabler/icons-react';
import { openChangeDialog } from './change-dialog.tsx';
import type { ChangeKind } from './change-values.ts';
import type { ChosenTargets } from './sources.ts';

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

/** Everything that can be changed on the rows chosen in a list. */
export function ChangeMenu({ targets }: { targets: ChosenTargets }) {
  const ofBuckets = targets.kind === 'bucket';
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button rightSection={<IconChevronDown size={14} />}>Change</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {entries
          .filter(({ buckets }) => buckets || !ofBuckets)
          .map(({ kind, label, icon: Icon }) => (
            <Menu.Item
              key={kind}
              leftSection={<Icon size={15} />}
              onClick={() => openChangeDialog(targets, kind)}
            >
              {label}
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}
