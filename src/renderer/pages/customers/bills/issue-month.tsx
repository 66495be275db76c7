import { Progress } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import type { IssueAllResult } from '#shared/contract/issued-statements.ts';
import { customerPartPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { SmallButton } from '../../../kit/components/buttons.ts';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCount, formatCounted } from '../../../kit/components/format.ts';
import { GuardedButton } from '../../../kit/components/guarded-button.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import { useUnread } from '../shared/billing-freshness.tsx';
import { CustomerName } from '../shared/customer-name.tsx';
import classes from '../shared/customers.module.css';
import {
  IssueMonthDialog,
  nothingToIssue,
  ReviewButton,
  WithoutUser,
} from './issue-month-dialog.tsx';
import type { Month } from './months.ts';

type Task = CallOutput<'tasks.list'>[number];

const mostListed = 100;
const mostRead = 1000;

/** The last run that issued this month, until it is dismissed. */
export function useRunOf(month: Month | undefined): Task | undefined {
  const tasks = useCall('tasks.list', {}).data ?? [];
  return tasks.find(
    ({ kind, about = '', read, endedAt }) =>
      kind === 'statements.issueAll' &&
      month !== undefined &&
      about.startsWith(`${month.from} ${month.to}`) &&
      (endedAt === null || !read),
  );
}

/** What the customers of a month still are to be billed for, in counts; undefined while that is not read. */
function useToIssue({ from, to, notYet }: Month) {
  return useCall('statements.toIssue', { from, to }, { enabled: notYet === null }).data;
}

/** Why no statement of a month can be issued now; null where one may be, or while that is not known. */
function useNothingToIssue(month: Month): string | null {
  const { customers, issued } = useToIssue(month) ?? {};
  const unread = useUnread();
  if (month.notYet !== null) return month.notYet;
  if (customers === undefined || issued === undefined) return null;
  const nothing = nothingToIssue({ customers, issued, label: month.label });
  return nothing !== null && unread !== null ? `Nothing to issue yet. ${unread}` : nothing;
}

/** Issues the statements of a month that are final, after a question; says what keeps it from that. */
export function IssueMonthButton({ month }: { month: Month }) {
  const task = useRunOf(month);
  const nothing = useNothingToIssue(month);
  return (
    <GuardedButton
      reason={task?.endedAt === null ? 'They are being issued.' : nothing}
      onClick={() => openDialog((close) => <IssueMonthDialog month={month} onClose={close} />)}
    >
      Issue month
    </GuardedButton>
  );
}

/** Says on the page why there is nothing to issue. */
export function NothingToIssue({ month }: { month: Month }) {
  const task = useRunOf(month);
  const nothing = useNothingToIssue(month);
  if (nothing === null || task) return null;
  return (
    <p className="oc-dimmed">
      {nothing}
      {month.notYet !== null &&
        ' Final statements of cancellations are issued before that, and listed here.'}
    </p>
  );
}

/** Shows how far issuing a month is, and who waits and why; it continues without this page. */
export function MonthIssued({ month }: { month: Month }) {
  const task = useRunOf(month);
  if (!task) return null;
  return (
    <section className="oc-form" aria-label={`Statements of ${month.label}`}>
      {task.endedAt === null ? <Running task={task} /> : <Ended task={task} month={month} />}
    </section>
  );
}

function Running({ task }: { task: Task }) {
  const call = useConsole();
  const { done, total, taskId } = task;
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
            : `${countsOf(task)}, of ${formatCounted(total, 'customer')}.`}
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

/** How many statements were issued, and for how many customers not. */
function countsOf({
  done,
  failed,
  waiting = 0,
}: Pick<Task, 'done' | 'failed' | 'waiting'>): string {
  const errors = failed > 0 ? `, ${formatCount(failed)} failed` : '';
  return `${formatCounted(done - failed - waiting, 'statement')} issued, ${formatCount(waiting)} waiting${errors}`;
}

/** Statements of a whole month, newest first. */
function useIssued({ from, to }: Month) {
  const of = { period: { from, to }, compare: false, limit: mostRead };
  return useCall('statements.issued', of).data;
}

/** Who had no final statement when a month was issued, and has none since; null while that is not read. */
export function useWaiting(month: Month): IssueAllResult['items'] | null {
  const task = useRunOf(month);
  const { data } = useCall(
    'tasks.get',
    { taskId: task?.taskId ?? '' },
    { enabled: task !== undefined && task.endedAt !== null },
  );
  const issued = useIssued(month);
  if (!data || !issued) return null;
  const since = new Set(issued.rows.map(({ customerId }) => customerId));
  const items = (data.result as IssueAllResult | undefined)?.items ?? [];
  return items.filter(({ error, customerId }) => error !== null && !since.has(customerId));
}

function Ended({ task, month }: { task: Task; month: Month }) {
  const { taskId, state, done } = task;
  const call = useConsole();
  const cluster = useCluster();
  const invoices = `${customerPartPath(cluster.id, 'invoices')}?month=${month.value}`;
  const read = useWaiting(month);
  const result = useCall('tasks.get', { taskId }).data?.result as IssueAllResult | undefined;
  const items = read ?? [];
  const failed = items.filter(({ error }) => error?.code === 'INTERNAL').length;
  const left = read === null ? task : { done, failed, waiting: items.length - failed };
  const counts = `${countsOf(left)}, of ${formatCounted(done, 'customer')}`;
  return (
    <>
      {task.error && state !== 'cancelled' && <ErrorPanel error={task.error} compact />}
      <div className={classes.tools}>
        <span role="status">
          {state === 'cancelled' ? `${counts} before it was cancelled.` : `${counts}.`}
        </span>
        {done > items.length && <Link to={invoices}>Draft invoices</Link>}
        <SmallButton onClick={() => void call('tasks.markRead', { taskId })}>Dismiss</SmallButton>
      </div>
      {result && <WithoutUser count={result.withoutUser} label={month.label} />}
      <Differing count={items.filter(isDiffering).length} />
      <Waiting
        items={items.toSorted((one, two) => Number(isDiffering(two)) - Number(isDiffering(one)))}
      />
    </>
  );
}

const isDiffering = ({ error }: IssueAllResult['items'][number]): boolean =>
  error?.details?.differs === true;

function Differing({ count }: { count: number }) {
  if (count === 0) return null;
  const whose = formatCounted(count, 'customer');
  return (
    <p className="oc-flush">
      {count === 1
        ? `The statement of ${whose} is no longer as previewed: it was not issued.`
        : `The statements of ${whose} are no longer as previewed: they were not issued.`}
    </p>
  );
}

/** Who has no final statement, why, and the way to it: the customer's own statement decides. */
function Waiting({ items }: { items: IssueAllResult['items'] }) {
  if (items.length === 0) return null;
  return (
    <>
      <ul className={classes.reasons} aria-label="Waiting">
        {items.slice(0, mostListed).map((item) => (
          <li key={item.customerId}>
            <CustomerName customerId={item.customerId} customerName={item.name} />:{' '}
            {item.error?.message} {item.error?.hint} <ReviewButton item={item} />
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
