import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import type { CallInput } from '#shared/contract/index.ts';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import { GuardedButton } from '../../kit/components/guarded-button.tsx';
import { useMenuEntries } from '../../kit/components/menu-entries.tsx';
import type { Campaign, CampaignKey, KeyState } from './campaign-words.tsx';
import { markVerb, openMark } from './mark-dialogs.tsx';

type As = CallInput<'campaigns.mark'>['as'];

/** The states that each mark applies to. */
const markedFrom: Record<As, readonly KeyState[]> = {
  'handed-over': ['generated', 'in-use'],
  'in-use': ['generated', 'handed-over'],
  skipped: ['todo', 'generating', 'failed', 'generated', 'handed-over', 'in-use', 'revoking'],
  open: ['skipped', 'failed'],
};

/** Every mark, in the order it is offered in. */
export const marks = Object.keys(markedFrom) as As[];

/** Returns whether a mark is offered for a key in a state. */
export function isMarkable(as: As, state: KeyState): boolean {
  return markedFrom[as].includes(state);
}

/** Returns why keys can't be marked now; null if they can. */
export function markHold(campaign: Campaign | undefined): string | null {
  if (!campaign) return 'The campaign is not read yet.';
  if (campaign.closedAt !== null) return 'This campaign is closed. Reopen it first.';
  return campaign.taskId === null ? null : 'A step of this campaign is running.';
}

/** Asks before keys are marked; only those whose state has not changed are. */
export function markKeys(campaignId: string, as: As, keys: readonly CampaignKey[]): void {
  const [rows, states] = [keys.map(({ row }) => row), keys.map(({ state }) => state)];
  openMark({ campaignId, as, rows, states });
}

/** Marks for the selected keys, each with the number of keys it applies to. */
export function MarkMenu(props: {
  campaignId: string;
  hold: string | null;
  keys: readonly CampaignKey[];
}) {
  const { campaignId, hold, keys } = props;
  const offered = marks
    .map((as) => {
      const marked = keys.filter(({ state }) => isMarkable(as, state));
      const start = () => markKeys(campaignId, as, marked);
      return { label: markVerb(as), count: marked.length, start };
    })
    .filter(({ count }) => count > 0);
  const items = useMenuEntries(
    offered.map(({ label, count, start }) => ({
      label: `${label} (${formatCount(count)})`,
      verb: `${label}: ${formatCounted(count, 'key')} selected`,
      reason: hold,
      start,
    })),
    'selection',
  );
  if (hold !== null) {
    return (
      <GuardedButton reason={hold} onClick={() => undefined}>
        Mark
      </GuardedButton>
    );
  }
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button rightSection={<IconChevronDown size={14} />}>Mark</Button>
      </Menu.Target>
      <Menu.Dropdown>{items}</Menu.Dropdown>
    </Menu>
  );
}
