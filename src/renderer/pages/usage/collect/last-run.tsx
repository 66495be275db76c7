import type { z } from 'zod';
import { collectResult } from '#shared/contract/usage-objects.ts';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCount, formatWireBytes } from '../../../kit/components/format.ts';
import { StateBadge, type StateTone } from '../../../kit/components/state-badge.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { Fact, Facts } from '../../../kit/detail/detail.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import type { Task } from '../shared/collect-button.tsx';

const states: Partial<Record<Task['state'], { tone: StateTone; word: string }>> = {
  succeeded: { tone: 'good', word: 'Done' },
  failed: { tone: 'bad', word: 'Failed' },
  cancelled: { tone: 'idle', word: 'Cancelled' },
  interrupted: { tone: 'warning', word: 'Interrupted' },
};

const heldBack = {
  locked: 'the production cluster was locked',
  'read-only': 'the connection is read-only',
  'no-date': 'the gateway sent no Date, so it is not certain what may still grow',
};

function removedWords({ removed, removalHeldBack }: CollectResult): string {
  if (removalHeldBack === null) return formatCount(removed);
  const some = removed === 0 ? 'None' : `${formatCount(removed)}, then no more`;
  return `${some}: ${heldBack[removalHeldBack]}. The rest of what is archived is still there.`;
}

/** Shows the result of the last collection of this session. */
export function LastRun({ task }: { task: Task }) {
  const result = readCollectResult(useCall('tasks.get', { taskId: task.taskId }).data?.result);
  const state = states[task.state];
  const seconds = result ? Math.max(result.milliseconds / 1000, 0.001) : 1;
  return (
    <>
      {task.error && task.state === 'failed' && <ErrorPanel error={task.error} compact />}
      <Facts>
        <Fact name="Outcome">
          {state ? (
            <StateBadge tone={task.failed > 0 && state.tone === 'good' ? 'warning' : state.tone}>
              {task.failed > 0 && state.tone === 'good'
                ? `Done, ${formatCount(task.failed)} failed`
                : state.word}
            </StateBadge>
          ) : null}
        </Fact>
        <Fact name="Ended">
          <Time value={task.endedAt} />
        </Fact>
        {result && (
          <>
            <Fact name="Newly archived">{formatCount(result.collected)}</Fact>
            <Fact name="Skipped">{`${formatCount(result.skipped)}, of these ${formatCount(result.growing)} still growing`}</Fact>
            <Fact name="Deleted on the gateway">{removedWords(result)}</Fact>
            {result.unsettled > 0 && (
              <Fact name="Not settled yet">{`${formatCount(result.unsettled)}, to be read once more before they are relied on`}</Fact>
            )}
            {result.clock.words !== null && (
              <Fact name="Clock">
                <span role="note">
                  <StateBadge tone="warning">
                    {result.clock.dates === 'all' ? 'Clocks differ' : 'No Date'}
                  </StateBadge>{' '}
                  {result.clock.words}
                </span>
              </Fact>
            )}
            <Fact name="Failed">{formatCount(result.failed)}</Fact>
            {result.setAside > 0 && (
              <Fact name="Set aside, unreadable">{formatCount(result.setAside)}</Fact>
            )}
            <Fact name="Speed">{`${formatWireBytes(result.bytes)} in ${seconds.toFixed(1)} s`}</Fact>
            {!result.listComplete && (
              <Fact name="List">
                <StateBadge tone="warning">Could not be read to its end</StateBadge>
              </Fact>
            )}
          </>
        )}
      </Facts>
    </>
  );
}

type CollectResult = z.infer<typeof collectResult>;

/** The result of a collection's task; null while it has none, or where it ended without. */
function readCollectResult(result: unknown): CollectResult | null {
  const read = collectResult.safeParse(result);
  return read.success ? read.data : null;
}
