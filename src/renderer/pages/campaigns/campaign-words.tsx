import {
  IconCircleDashed,
  IconEye,
  IconHandStop,
  IconKey,
  IconSend,
  type TablerIcon,
} from '@tabler/icons-react';
import type { CallOutput } from '#shared/contract/index.ts';
import { StateBadge, type StateTone } from '../../kit/components/state-badge.tsx';
import type { RowOf } from '../../lists/table/use-paged-rows.ts';

export type Campaign = CallOutput<'campaigns.get'>;
export type CampaignKey = RowOf<'campaigns.keys'>;
export type KeyState = CampaignKey['state'];

/** Every state of a key, in the order it goes through them. */
export const keyStates: Record<KeyState, { word: string; tone: StateTone; icon?: TablerIcon }> = {
  todo: { word: 'To do', tone: 'idle', icon: IconCircleDashed },
  generating: { word: 'Generation unclear', tone: 'warning' },
  generated: { word: 'Generated', tone: 'information', icon: IconKey },
  'handed-over': { word: 'Handed over', tone: 'information', icon: IconSend },
  'in-use': { word: 'In use', tone: 'information', icon: IconEye },
  revoking: { word: 'Revocation unclear', tone: 'warning' },
  revoked: { word: 'Revoked', tone: 'good' },
  failed: { word: 'Failed', tone: 'bad' },
  skipped: { word: 'Skipped', tone: 'idle', icon: IconHandStop },
};

export const stateNames = Object.keys(keyStates) as KeyState[];

export function KeyStateBadge({ state }: { state: KeyState }) {
  const { word, tone, icon } = keyStates[state];
  return (
    <StateBadge tone={tone} {...(icon ? { icon } : {})}>
      {word}
    </StateBadge>
  );
}

export const kindWords = { rotate: 'Rotate keys', finish: 'Finish rotations' } as const;

/** Number of keys that are finished. */
export function keysDone({ counts }: Pick<Campaign, 'counts'>): number {
  return counts.revoked + counts.skipped;
}
