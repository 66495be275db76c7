import { Link } from 'react-router';
import type { DraftResult } from '#shared/contract/invoices.ts';
import { customerPartPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { SmallButton } from '../../../kit/components/buttons.ts';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCount, formatCounted } from '../../../kit/components/format.ts';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import classes from '../shared/customers.module.css';
import { draftSumWords } from './draft-dialog.tsx';

const mostListed = 100;

/** What the last run of drafts came to, until it is dismissed: what was verified, and what is missing. */
export function DraftRun() {
  const call = useConsole();
  const tasks = useCall('tasks.list', {}).data ?? [];
  const task = tasks.find(
    ({ kind, read, endedAt }) => kind === 'invoices.draft' && endedAt !== null && !read,
  );
  const taskId = task?.taskId ?? '';
  const { data } = useCall('tasks.get', { taskId }, { enabled: task !== undefined });
  if (!task || !data) return null;
  const result = data.result as DraftResult | undefined;
  return (
    <section className="oc-form" aria-label="Last drafts">
      {task.error && <ErrorPanel error={task.error} compact />}
      <div className={classes.tools}>
        <div role="status">{result && <Outcome {...result} />}</div>
        <SmallButton onClick={() => void call('tasks.markRead', { taskId })}>Dismiss</SmallButton>
      </div>
      {result && <Failures failures={result.failures} />}
    </section>
  );
}

function Outcome({ created, existing, verified, open }: DraftResult) {
  return (
    <>
      <p className="oc-flush">
        {formatCounted(created, 'draft')} made, {formatCount(existing)} made before.
      </p>
      {verified.map((sum) => (
        <p key={sum.currency} className="oc-flush oc-strong">
          Verified: {draftSumWords(sum)}, equal to the statements.
        </p>
      ))}
      {open.map((sum) => (
        <p key={sum.currency} className="oc-flush">
          Not drafted: {draftSumWords(sum)}.
        </p>
      ))}
      {open.length === 0 && <p className="oc-flush">Nothing is left to draft.</p>}
    </>
  );
}

function Failures({ failures }: Pick<DraftResult, 'failures'>) {
  const cluster = useCluster();
  if (failures.length === 0) return null;
  return (
    <ul className={classes.reasons} aria-label="Failed">
      {failures.slice(0, mostListed).map(({ statementId, message, hint }) => (
        <li key={statementId}>
          {message} {hint}{' '}
          <Link to={`${customerPartPath(cluster.id, 'statements')}?open=${statementId}`}>
            Open statement
          </Link>
        </li>
      ))}
      {failures.length > mostListed && (
        <li>and {formatCount(failures.length - mostListed)} more</li>
      )}
    </ul>
  );
}
