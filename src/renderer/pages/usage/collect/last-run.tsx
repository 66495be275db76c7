import type { z } from 'zod';
import { collectResult } from '#shared/contract/usage-objects.ts';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCount, formatWireBytes } from '../../../kit/components/format.ts';
import { StateBadge, type StateTone } from '../../../kit/components/state-badge.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { Facts } from '../../../kit/detail/detail.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import type { Task } from './collect-button.tsx';

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

/** What came of the last collection of this session. */
export function LastRun({ task }: { task: Task }) {
  const result = readCollectResult(useCall('tasks.get', { taskId: task.taskId }).data?.result);
  const state = states[task.state];
  const seconds = result ? Math.max(result.milliseconds / 1000, 0.001) : 1;
  return (
    <>
      {task.error && task.state === 'failed' && <ErrorPanel error={task.error} compact />}
      <Facts
        items={[
          [
            'Outcome',
            state ? (
              <StateBadge
                key="outcome"
                tone={task.failed > 0 && state.tone === 'good' ? 'warning' : state.tone}
              >
                {task.failed > 0 && state.tone === 'good'
                  ? `Done, ${formatCount(task.failed)} failed`
                  : state.word}
              </StateBadge>
            ) : null,
          ],
          ['Ended', <Time key="ended" value={task.endedAt} />],
          ...(result
            ? ([
                ['Newly archived', formatCount(result.collected)],
                [
                  'Skipped',
                  `${formatCount(result.skipped)}, of these ${formatCount(result.growing)} still growing`,
                ],
                ['Deleted on the gateway', removedWords(result)],
                ...(result.unsettled > 0
                  ? ([
                      [
                        'Not settled yet',
                        `${formatCount(result.unsettled)}, to be read once more before they are relied on`,
                      ],
                    ] as const)
                  : []),
                ...(result.clock.words === null
                  ? []
                  : ([
                      [
                        'Clock',
                        <span key="clock" role="note">
                          <StateBadge tone="warning">
                            {result.clock.dates === 'all' ? 'Clocks differ' : 'No Date'}
                          </StateBadge>{' '}
                          {result.clock.words}
                        </span>,
                      ],
                    ] as const)),
                ['Failed', formatCount(result.failed)],
                ...(result.setAside > 0
                  ? ([['Set aside, unreadable', formatCount(result.setAside)]] as const)
                  : []),
                ['Speed', `${formatWireBytes(result.bytes)} in ${seconds.toFixed(1)} s`],
                ...(result.listComplete
                  ? []
                  : ([
                      [
                        'List',
                        <StateBadge key="list" tone="warning">
                          Could not be read to its end
                        </StateBadge>,
                      ],
                    ] as const)),
              ] as const)
            : []),
        ]}
      />
    </>
  );
}

type CollectResult = z.infer<typeof collectResult>;

/** The result of a collection's task; null while it has none, or where it ended without. */
function readCollectResult(result: unknown): CollectResult | null {
  const read = collectResult.safeParse(result);
  return read.success ? read.data : null;
}
