import { IconArrowsDiff } from '@tabler/icons-react';
import { agreeing } from '#shared/counted.ts';
import type { BulkRun } from '../../changes/bulk/sources.ts';
import operation from '../../changes/operation/operation.module.css';
import { useCluster } from '../../kit/cluster-context.tsx';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import { useCall } from '../../kit/rpc/use-call.ts';
import { refusalWord } from './run-words.ts';

const lookedAt = 1000;

/** Why rows are omitted, counted by reason: for a plan, how far the cluster drifted from it. */
export function RefusedSummary({ run }: { run: BulkRun }) {
  const cluster = useCluster();
  const refused = run.counts.refused ?? 0;
  const query = useCall(
    'bulk.rows',
    { connectionId: cluster.id, runId: run.runId, state: 'refused', offset: 0, limit: lookedAt },
    { enabled: refused > 0 },
  );
  if (refused === 0 || !query.data) return null;
  const byReason = Map.groupBy(query.data.rows, ({ error }) => refusalWord(error?.code));
  const reasons = [...byReason].map(
    ([word, rows]) => `${word.toLowerCase()}: ${formatCount(rows.length)}`,
  );
  const as = run.total - refused;
  return (
    <div className={operation.note} data-tone="warning">
      <IconArrowsDiff size={16} aria-hidden />
      <div className={operation.noteBody}>
        <div className={operation.noteTitle}>
          {formatCounted(refused, 'row is skipped', 'rows are skipped')}
        </div>
        {reasons.join(' · ')}. The other {formatCounted(as, 'row')} {agreeing(as, 'is', 'are')} not
        affected; each row says why.
      </div>
    </div>
  );
}
