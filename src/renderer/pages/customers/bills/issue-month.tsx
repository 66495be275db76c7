import { Progress } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import type { IssueAllResult } from '#shared/contract/issued-statements.ts';
import { customerPartPath, customerPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { SmallButton, TinyButton } from '../../../kit/components/buttons.ts';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCount, formatCounted, formatMoney } from '../../../kit/components/format.ts';
import { GuardedButton } from '../../../kit/components/guarded-button.tsx';
import { PlainTable } from '../../../kit/components/plain-table.tsx';
import { ShowMore } from '../../../kit/components/show-more.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import classes from '../shared/customers.module.css';
import { ChargedElsewhere } from './charged-elsewhere.tsx';
import { useMaking } from './make-statement.tsx';
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

/** Issues the statements of a month that are final, after a question. */
export function IssueMonthButton({ month }: { month: Month }) {
  const task = useRunOf(month);
  return (
    <GuardedButton
      reason={task?.endedAt === null ? 'They are being issued.' : month.notYet}
      onClick={() => openDialog((close) => <IssueMonthDialog month={month} onClose={close} />)}
    >
      Issue month
    </GuardedButton>
  );
}

function IssueMonthDialog({ month, onClose }: { month: Month; onClose(): void }) {
  const call = useConsole();
  const { from, to, label } = month;
  const preview = useCall('statements.previewAll', { from, to });
  const count = preview.data?.sums.reduce((sum, { statements }) => sum + statements, 0) ?? 0;
  return (
    <ConfirmDialog
      verb={count > 0 ? `Issue ${formatCounted(count, 'statement')}` : 'Issue statements'}
      title={`Issue statements for ${label}`}
      width={640}
      disabled={count === 0 || preview.isFetching}
      onConfirm={() => call('statements.issueAll', { from, to, previewed: rowsOf(preview.data) })}
      onClose={onClose}
    >
      {preview.error && (
        <ErrorPanel error={preview.error} onRetry={() => void preview.refetch()} compact />
      )}
      <div role="status">
        {preview.isFetching && <p className="oc-dimmed">Calculating the statements…</p>}
        {preview.data && !preview.isFetching && (
          <Foretold preview={preview.data} label={label} onLeave={onClose} />
        )}
      </div>
      <p className="oc-flush">
        An issued statement has a number and never changes. Only what this preview shows is issued:
        a customer whose statement has changed by then waits for your review.
      </p>
    </ConfirmDialog>
  );
}

type Preview = CallOutput<'statements.previewAll'>;

/** What the operator saw of each customer, for core to hold the statements against. */
const rowsOf = (preview: Preview | undefined) =>
  (preview?.items ?? []).map(({ error: _, ...row }) => row);

/** What will be issued: how many statements, their sum in each currency, whose, and who is left out. */
function Foretold(props: { preview: Preview; label: string; onLeave(): void }) {
  const { preview, label, onLeave } = props;
  const { sums, issued, refused, withoutUser, items, elsewhere } = preview;
  const made = items.filter(({ error }) => error === null);
  const left = items.filter(({ error }) => error !== null);
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
      <ChargedElsewhere elsewhere={elsewhere} onLeave={onLeave} />
      <ForetoldRows label="Statements to issue" items={made} onLeave={onLeave} />
      {refused > 0 && (
        <p>{formatCounted(refused, 'customer')} waiting for a review or for statistics:</p>
      )}
      <ForetoldRows label="Waiting customers" items={left} onLeave={onLeave} />
      {issued > 0 && <p>{formatCounted(issued, 'statement')} issued before: unchanged.</p>}
      <WithoutUser count={withoutUser} label={label} />
    </>
  );
}

/** Customers that no statement is about, so that every customer is in one count. */
function WithoutUser({ count, label }: { count: number; label: string }) {
  if (count === 0) return null;
  const who = formatCounted(count, 'customer');
  return (
    <p className="oc-flush">
      {who} without a user in {label}: no statement.
    </p>
  );
}

const firstListed = 8;

/** Customers with the amount of their statement, or the reason why there is none yet. */
function ForetoldRows(props: { label: string; items: Preview['items']; onLeave(): void }) {
  const { label, items, onLeave } = props;
  const cluster = useCluster();
  const [limit, setLimit] = useState(firstListed);
  if (items.length === 0) return null;
  return (
    <>
      <PlainTable
        label={label}
        rows={items.slice(0, limit)}
        rowKey={({ customerId }) => customerId}
        columns={[
          [
            'Customer',
            ({ customerId, name }) => (
              <Link to={customerPath(cluster.id, customerId)} onClick={onLeave}>
                {name}
              </Link>
            ),
          ],
          items[0]?.error
            ? ['Reason', ({ error }) => `${error?.message} ${error?.hint}`]
            : [
                'Amount',
                ({ amount }) =>
                  amount && formatMoney(amount.total, amount.currency, amount.minorDigits),
                'figure',
              ],
        ]}
      />
      <ShowMore
        {...{ shown: Math.min(limit, items.length), total: items.length, step: mostListed }}
        onLimit={setLimit}
        rest="The others are not shown here."
      />
    </>
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

/** Statements of a month, newest first. */
export function useIssued({ from, to }: Month) {
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

/** What the statement of a waiting customer is opened for. */
const reviewWords = ({ error }: IssueAllResult['items'][number]): string =>
  error?.details?.held === true ? 'Review and accept' : 'Review';

/** Who has no final statement, why, and the way to it: the customer's own statement decides. */
function Waiting({ items }: { items: IssueAllResult['items'] }) {
  const cluster = useCluster();
  const { start } = useMaking();
  if (items.length === 0) return null;
  return (
    <>
      <ul className={classes.reasons} aria-label="Waiting">
        {items.slice(0, mostListed).map((item) => (
          <li key={item.customerId}>
            <Link to={customerPath(cluster.id, item.customerId)}>{item.name}</Link>:{' '}
            {item.error?.message} {item.error?.hint}{' '}
            <TinyButton
              aria-label={`${reviewWords(item)} statement of ${item.name}`}
              onClick={() => start(item.customerId)}
            >
              {reviewWords(item)}
            </TinyButton>
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
