import { Progress } from '@mantine/core';
import { formatCount } from '../../kit/components/format.ts';
import { useDelayed } from '../../kit/components/use-delayed.ts';
import classes from './bulk.module.css';
import type { PrepareState } from './use-prepare.ts';

/** How far the reading of the targets is, before anything can be previewed. */
export function PrepareProgress({ state }: { state: PrepareState }) {
  const slow = useDelayed(state.running, 300);
  if (!slow) return null;
  const { progress } = state;
  const total = progress?.total ?? null;
  return (
    <div className={classes.preparing} role="status">
      <Progress
        size={4}
        value={total ? ((progress?.done ?? 0) / total) * 100 : 100}
        animated={total === null}
        aria-label="Reading the targets"
      />
      <div className="oc-caption">
        {total === null
          ? 'Reading the targets'
          : `Reading the targets: ${formatCount(progress?.done ?? 0)} of ${formatCount(total)}`}
        . Nothing is changed yet.
      </div>
    </div>
  );
}
