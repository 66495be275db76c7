import type { ReactNode } from 'react';
import { Link } from 'react-router';
import classes from '../../changes/bulk/bulk.module.css';
import type { BulkRun } from '../../changes/bulk/sources.ts';
import { formatCount, formatCounted } from '../../kit/components/format.ts';

function Figure(props: { name: string; value: number; show?: string; children?: ReactNode }) {
  const { name, value, show } = props;
  const words = formatCount(value);
  return (
    <div className={classes.figure}>
      <div className={classes.figureName}>{name}</div>
      <div className={`oc-number ${classes.figureValue}`}>
        {show === undefined || value === 0 ? words : <Link to={`?show=${show}`}>{words}</Link>}
      </div>
      <div className="oc-caption">{props.children}</div>
    </div>
  );
}

/** The run in figures: before it is started what it would do, afterwards how its rows ended. */
export function RunFigures({ run }: { run: BulkRun }) {
  const { counts } = run;
  if (run.state === 'previewed') {
    return (
      <div className={classes.figures}>
        <Figure name="To change" value={(counts.pending ?? 0) - run.unchanged} show="todo">
          of {formatCounted(run.tenants, 'tenant')}
        </Figure>
        <Figure name="Unchanged" value={run.unchanged} show="skipped">
          skipped
        </Figure>
        <Figure name="Skipped" value={counts.refused ?? 0} show="refused">
          see why
        </Figure>
        <Figure name="Requests" value={run.requests}>
          {formatCounted(run.writes, 'write')}, the rest reads before and after
        </Figure>
      </div>
    );
  }
  return (
    <div className={classes.figures}>
      <Figure name="Done and verified" value={counts.verified ?? 0} show="verified">
        read back
      </Figure>
      <Figure name="Not confirmed" value={counts.sent ?? 0} show="sent">
        sent, not seen
      </Figure>
      <Figure name="Failed" value={counts.failed ?? 0} show="failed">
        can be retried
      </Figure>
      <Figure name="Unchanged" value={counts.unchanged ?? 0} show="unchanged">
        skipped
      </Figure>
      <Figure name="Skipped" value={counts.refused ?? 0} show="refused">
        see why
      </Figure>
      <Figure name="To do" value={(counts.pending ?? 0) + (counts.sending ?? 0)} show="todo">
        of {formatCounted(run.total, 'row')}
      </Figure>
    </div>
  );
}
