import { Button, Progress } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import type { IssueAllResult } from '#shared/contract/issued-statements.ts';
import { customerPartPath, customerPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { SmallButton } from '../../../kit/components/buttons.ts';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCount, formatCounted, formatMoney } from '../../../kit/components/format.ts';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import classes from '../shared/customers.module.css';
import type { Month } from './months.ts';

type Task = CallOutput<'tasks.list'>[number];

const mostListed = 100;

/** The last run that issued this month, until it is dismissed. */
function useRunOf({ from, to }: Month): Task | undefined {
  const tasks = useCall('tasks.list', {}).data ?? [];
  return tasks.find(
    ({ kind, about = '', read, endedAt }) =>
      kind === 'statements.issueAll' &&
      about.startsWith(`${from} ${to}`) &&
      (endedAt === null || !read),
  );
}

/** Issues the final statements of a month, after a question. */
export function IssueMonthButton({ month }: { month: Month }) {
  const task = useRunOf(month);
  return (
    <Button
      disabled={task?.endedAt === null}
      onClick={() => openDialog((close) => <IssueMonthDialog month={month} onClose={close} />)}
    >
      Issue final statements
    </Button>
  );
}

function IssueMonthDialog({ month, onClose }: { month: Month; onClose(): void }) {
  const call = useConsole();
  const { from, to, label } = month;
  const preview = useCall('statements.previewAll', { from, to });
  return (
    <ConfirmDialog
      verb="Issue final statements"
      subject={`for ${label}`}
      width={520}
      disabled={!preview.data || preview.isFetching}
      onConfirm={() => call('statements.issueAll', { from, to })}
      onClose={onClose}
    >
      {preview.error && (
        <ErrorPanel error={preview.error} onRetry={() => void preview.refetch()} compact />
      )}
      <div role="status">
        {preview.isFetching && <p className="oc-dimmed">Calculating the statements…</p>}
        {preview.data && !preview.isFetching && <Foretold preview={preview.data} />}
      </div>
      <p className="oc-flush">An issued statement has a number and never changes.</p>
    </ConfirmDialog>
  );
}

/** What will be issued: how many statements, their sum in each currency, and what is left out. */
function Foretold({ preview }: { preview: CallOutput<'statements.previewAll'> }) {
  const { sums, issued, refused } = preview;
  return (
    <>
      {sums.length === 0 && <p>No new statement can be issued.</p>}
      {sums.map(({ currency, minorDigits, statements, total }) => (
        <p key={currency}>
          <b>
            {formatCounted(statements, 'statement')}, {formatMoney(total, currency, minorDigits)} in
            total
          </b>
        </p>
      ))}
      {refused > 0 && (
        <p>
          {formatCounted(refused, 'customer')} without a final statement yet: listed with the reason
          afterwards.
        </p>
      )}
      {issued > 0 && <p>{formatCounted(issued, 'statement')} issued before: unchanged.</p>}
    </>
  );
}

/** Shows how far issuing a month is, and who was refused and why; it continues without this page. */
export function MonthIssued({ month }: { month: Month }) {
  const task = useRunOf(month);
  if (!task) return null;
  return (
    <section className="oc-form" aria-label={`Final statements of ${month.label}`}>
      {task.endedAt === null ? <Running task={task} /> : <Ended task={task} month={month} />}
    </section>
  );
}

function Running({ task }: { task: Task }) {
  const call = useConsole();
  const { done, total, failed, taskId } = task;
  return (
    <>
      <Progress
        value={total === null ? 0 : (100 * done) / Math.max(1, total)}
        aria-label="Customers"
      />
      <div className={classes.tools}>
        <span role="status">
          {total === null
            ? 'Reading customers…'
            : `${formatCounted(done - failed, 'statement')} issued, ${formatCount(failed)} refused, of ${formatCounted(total, 'customer')}.`}
        </span>
        <SmallButton
          leftSection={<IconX size={14} />}
          onClick={() => void call('tasks.cancel', { taskId })}
        >
          Cancel
        </SmallButton>
      </div>
    </>
  );
}

function Ended({ task, month }: { task: Task; month: Month }) {
  const { taskId, state, done, failed } = task;
  const call = useConsole();
  const cluster = useCluster();
  const invoices = `${customerPartPath(cluster.id, 'invoices')}?month=${month.value}`;
  const result = useCall('tasks.get', { taskId }).data?.result as IssueAllResult | undefined;
  const refused = result?.items.filter(({ error }) => error !== null) ?? [];
  const counts = `${formatCounted(done - failed, 'statement')} issued, ${formatCount(failed)} refused, of ${formatCounted(done, 'customer')}`;
  return (
    <>
      {task.error && state !== 'cancelled' && <ErrorPanel error={task.error} compact />}
      <div className={classes.tools}>
        <span role="status">
          {state === 'cancelled' ? `${counts} before it was cancelled.` : `${counts}.`}
        </span>
        {done > failed && <Link to={invoices}>Draft invoices</Link>}
        <SmallButton onClick={() => void call('tasks.markRead', { taskId })}>Dismiss</SmallButton>
      </div>
      <Refused items={refused} />
    </>
  );
}

function Refused({ items }: { items: IssueAllResult['items'] }) {
  const cluster = useCluster();
  if (items.length === 0) return null;
  return (
    <>
      <ul className={classes.reasons} aria-label="Refused">
        {items.slice(0, mostListed).map(({ customerId, name, error }) => (
          <li key={customerId}>
            <Link to={customerPath(cluster.id, customerId)}>{name}</Link>: {error?.message}{' '}
            {error?.hint}
          </li>
        ))}
      </ul>
      {items.length > mostListed && (
        <p className="oc-caption">
          and {formatCounted(items.length - mostListed, 'more customer')}
        </p>
      )}
    </>
  );
}
