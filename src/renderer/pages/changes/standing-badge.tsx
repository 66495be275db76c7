import { StateBadge } from '../../kit/components/state-badge.tsx';
import type { Standing } from './run-words.ts';

/** How a run or a row stands, as icon and word. */
export function StandingBadge({ standing }: { standing: Standing }) {
  const { word, tone, icon } = standing;
  return (
    <StateBadge tone={tone} {...(icon ? { icon } : {})}>
      {word}
    </StateBadge>
  );
}
