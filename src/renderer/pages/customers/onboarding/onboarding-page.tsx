import { Progress } from '@mantine/core';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { whmcsPages } from '#shared/whmcs-links.ts';
import { openHandover } from '../../../changes/keys/handover-dialog.tsx';
import { customerPath, onboardingPath, userPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { ActionButton } from '../../../kit/components/action-button.tsx';
import { SmallButton } from '../../../kit/components/buttons.ts';
import { CallError, ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCount, formatCounted } from '../../../kit/components/format.ts';
import { GuardedButton } from '../../../kit/components/guarded-button.tsx';
import { Note } from '../../../kit/components/note.tsx';
import { BackLink, PageBar } from '../../../kit/components/page-bar.tsx';
import { PlainTable } from '../../../kit/components/plain-table.tsx';
import { ShowMore } from '../../../kit/components/show-more.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { showFailure, useAction } from '../../../kit/use-action.ts';
import { PlanForm } from '../plans/plan-form.tsx';
import { limitsWords } from '../plans/plan-values.ts';
import classes from '../shared/customers.module.css';
import { WhmcsLink } from '../shared/whmcs-link.tsx';
import { HandoverAll } from './handover-all.tsx';
import { RowNotes } from './row-notes.tsx';
import {
  type OnboardingRow,
  type OnboardingRun,
  RowState,
  RunState,
  rowsLeft,
} from './run-state.tsx';
import { WriteAgain } from './write-again.tsx';
import {
  isWritable,
  LockedSystems,
  WithoutSecret,
  WriteBackFields,
  type WriteBackValue,
} from './write-back-fields.tsx';

const firstRows = 100;
const moreRows = 300;

/** One onboarding run: preview, progress, and the result of each row. */
export function OnboardingPage() {
  const { onboardingId = '' } = useParams();
  const cluster = useCluster();
  const [limit, setLimit] = useState(firstRows);
  const query = useCall('onboarding.get', { onboardingId, limit }, { keepPrevious: true });
  const run = query.data;
  return (
    <>
      <PageBar
        title={run?.title ?? 'Onboarding'}
        count={run?.total ?? null}
        before={<BackLink to={onboardingPath(cluster.id)}>All runs</BackLink>}
      />
      <div className="oc-scroll">
        <div className={classes.checks}>
          <CallError call={query} />
          {run && <Start key={run.onboardingId} run={run} />}
          {run && <Rows run={run} onLimit={setLimit} />}
        </div>
      </div>
    </>
  );
}

type Page = CallOutput<'onboarding.get'>;

function changedWords(changed: Page['changed']): string {
  if (changed.length === 2) return 'Service plans and services changed since this preview';
  return `${changed[0] === 'plans' ? 'Service plans' : 'Services'} changed since this preview`;
}

/** A preview is made once more, or given up. */
function PreviewActions({ run: { onboardingId } }: { run: OnboardingRun }) {
  const call = useConsole();
  const cluster = useCluster();
  const navigate = useNavigate();
  const discard = async () => {
    await call('onboarding.discard', { onboardingId });
    navigate(onboardingPath(cluster.id));
  };
  return (
    <>
      <span className="oc-space" />
      <ActionButton work={() => call('onboarding.prepareAgain', { onboardingId })}>
        Preview again
      </ActionButton>
      <ActionButton work={discard}>Discard</ActionButton>
    </>
  );
}

/**
 * What the next run writes to WHMCS: what was entered, else what the last run wrote, without the secret.
 * Nothing while nothing can be written; null while that is read.
 */
function useWriteBack(enabled: boolean, entered: WriteBackValue | null): WriteBackValue | null {
  const runs = useCall('onboarding.list', { limit: 20 }, { enabled });
  const systems = useCall('billing.list', {}, { enabled });
  if ([runs, systems].some(({ data, error }) => !data && !error)) return null;
  if (!systems.data?.some(isWritable)) return {};
  const before = runs.data?.rows.find((run) => run.writeBack !== null)?.writeBack;
  return entered ?? (before ? { ...before, secretInNote: false } : {});
}

function Start({ run }: { run: Page }) {
  const call = useConsole();
  const [entered, setWriteBack] = useState<WriteBackValue | null>(null);
  const { error, run: send } = useAction();
  const left = rowsLeft(run);
  const isNew = run.state === 'prepared';
  const writeBack = useWriteBack(isNew, entered);
  const start = (wanted = isNew ? writeBack : null) =>
    send(async () => {
      const { onboardingId } = run;
      await call('onboarding.start', { onboardingId, ...(wanted && { writeBack: wanted }) });
    });
  const words = isNew
    ? `Create ${formatCounted(left, 'user')}`
    : left === run.counts.unwritten
      ? `Write ${formatCounted(left, 'row')} to WHMCS again`
      : `Resume ${formatCounted(left, 'row')}`;
  return (
    <section className={classes.onboardingForm} aria-label="The run">
      <div className={classes.checkHead}>
        <RunState run={run} />
        <span className="oc-dimmed">{countWords(run)}</span>
        {isNew && <PreviewActions run={run} />}
      </div>
      {run.changed.length > 0 && (
        <Note tone="warning" role="status" title={changedWords(run.changed)}>
          It shows, and would create, what was known before. Preview it again.
        </Note>
      )}
      {run.state === 'finished' && run.unaccepted > 0 && <AcceptOrders count={run.unaccepted} />}
      {run.state === 'running' && <Running taskId={run.taskId} />}
      <HandoverAll run={run} />
      {run.state !== 'running' && left > 0 && (
        <>
          {isNew && writeBack && <WriteBackFields value={writeBack} onChange={setWriteBack} />}
          <LockedSystems writeBack={isNew ? writeBack : run.writeBack} />
          {error && <ErrorPanel error={error} compact />}
          {!isNew && <WithoutSecret {...{ error, writeBack: run.writeBack, onStart: start }} />}
          <div>
            <GuardedButton
              reason={holdWords(run) ?? (isNew && !writeBack ? reading : null)}
              onClick={() => void start()}
            >
              {words}
            </GuardedButton>
          </div>
        </>
      )}
    </section>
  );
}

/** Nothing of an order is changed by onboarding: what is left to do in the billing system. */
function AcceptOrders({ count }: { count: number }) {
  const systems = useCall('billing.list', {}).data ?? [];
  return (
    <Note
      role="status"
      title={
        count === 1 ? 'Accept the order in WHMCS' : `Accept ${formatCount(count)} orders in WHMCS`
      }
    >
      Onboarding leaves orders as they are: they and their services stay pending until somebody
      opens each order in WHMCS and clicks Accept Order. Clear “Run module create” there: the user
      exists.
      {systems
        .filter(({ adminUrl }) => adminUrl !== undefined)
        .map(({ id, name }) => (
          <div key={id}>
            <WhmcsLink billingId={id} page={whmcsPages.pendingOrders}>
              Pending orders in {name}
            </WhmcsLink>
          </div>
        ))}
    </Note>
  );
}

function countWords({ counts, clusters, ...run }: OnboardingRun): string {
  const on = clusters.length === 0 ? '' : `${clusters.map(({ name }) => name).join(', ')}: `;
  const toDo = rowsLeft({ counts }) - counts.unwritten;
  const words = [
    counts.done > 0 ? `${formatCount(counts.done)} done` : null,
    counts.unwritten > 0 ? `${formatCount(counts.unwritten)} not written to WHMCS` : null,
    toDo > 0 ? `${formatCount(toDo)} to do` : null,
    counts.problem > 0 ? `${formatCount(counts.problem)} skipped` : null,
  ].filter((part) => part !== null);
  return `${on}${words.join(', ')}; previewed by ${run.createdBy}`;
}

const reading = 'What the last run wrote to WHMCS is being read.';

function holdWords({ clusters }: OnboardingRun): string | null {
  const held = clusters.find(({ hold }) => hold !== null);
  if (held === undefined) return null;
  return held.hold === 'locked'
    ? `"${held.name}" is locked against changes. Unlock it for a few minutes.`
    : `"${held.name}" is read-only. Change that on the Connections page. This run is kept and needs no change plan.`;
}

function Running({ taskId }: { taskId: string | null }) {
  const call = useConsole();
  const task = useCall('tasks.list', {}).data?.find((one) => one.taskId === taskId);
  const total = task?.total ?? 0;
  const done = task?.done ?? 0;
  return (
    <div className={classes.tools}>
      <Progress
        flex={1}
        size={6}
        value={total === 0 ? 0 : (done / total) * 100}
        aria-label="Rows done"
      />
      <span className="oc-number oc-dimmed">
        {formatCount(done)} of {formatCount(total)}
      </span>
      <SmallButton onClick={() => taskId && void call('tasks.cancel', { taskId })}>
        Cancel
      </SmallButton>
    </div>
  );
}

function Rows({ run, onLimit }: { run: Page; onLimit(limit: number): void }) {
  const { rows, total, writeBack } = run;
  const cluster = useCluster();
  return (
    <section className={classes.check} aria-label="New users">
      <PlainTable
        stacks
        rows={rows}
        rowKey={({ row }) => row}
        columns={[
          ['User', (row) => <UserName row={row} />],
          [
            'Customer',
            ({ customerId, customerName }) =>
              customerId === null ? (
                '—'
              ) : (
                <Link to={customerPath(cluster.id, customerId)}>{customerName}</Link>
              ),
          ],
          ['Product', (row) => <Ordered row={row} />],
          ['Plan', ({ planName }) => planName ?? '—'],
          ['Quota, GB', ({ quotaGb }) => quotaWords(quotaGb), 'figure'],
          [
            'Rate limits',
            ({ limits }) => {
              const words = limitsWords(limits);
              return words.length === 0
                ? 'Not set'
                : words.map((one) => <div key={one}>{one}</div>);
            },
          ],
          [
            'State',
            (row) => (
              <>
                <RowState row={row} />
                <RowNotes row={row} />
                {row.state === 'pending' && <MissingPlan row={row} />}
              </>
            ),
          ],
          [
            'Actions',
            (row) => (
              <div className="oc-wrap-row">
                <RowAction row={row} />
                {row.state === 'unwritten' && run.state !== 'running' && (
                  <WriteAgain row={row} wanted={writeBack} />
                )}
              </div>
            ),
            'buttons',
          ],
        ]}
      />
      <ShowMore
        {...{ shown: rows.length, total, step: moreRows, onLimit }}
        rest="Later rows belong to the run too, but are not shown here."
      />
    </section>
  );
}

function UserName({ row: { email, userId, connectionId, accountName } }: { row: OnboardingRow }) {
  return (
    <>
      {userId !== null && connectionId !== null ? (
        <Link to={userPath(connectionId, userId)}>{email}</Link>
      ) : (
        email || 'No e-mail'
      )}
      {accountName !== null && <div className="oc-caption">Account {accountName}</div>}
    </>
  );
}

/** What was ordered: the product, the state of its service, and whether its order is paid. */
function Ordered({ row: { productName, serviceStatus, order } }: { row: OnboardingRow }) {
  if (productName === null) return '—';
  return (
    <>
      {productName}
      {serviceStatus !== null && (
        <div className="oc-caption">
          {serviceStatus}
          {order && (
            <>
              ,{' '}
              <WhmcsLink
                billingId={order.billingId}
                page={(area) => whmcsPages.order(area, order.externalId)}
                label={`Order ${order.number} in WHMCS`}
              >
                order {order.number}
              </WhmcsLink>
              {order.payment !== null && `: ${order.payment.toLowerCase()}`}
            </>
          )}
        </div>
      )}
    </>
  );
}

function quotaWords(quotaGb: string | null): string {
  if (quotaGb === null) return 'Not set';
  return quotaGb === '0' ? 'Unlimited' : formatCount(Number(quotaGb));
}

/** Creates the plan that a product lacks; the preview is made again with it. */
function MissingPlan({ row: { unplanned, productName } }: { row: OnboardingRow }) {
  const call = useConsole();
  const { onboardingId = '' } = useParams();
  const [creating, setCreating] = useState(false);
  if (!unplanned || productName === null) return null;
  const { billingId, productId } = unplanned;
  const again = () => void call('onboarding.prepareAgain', { onboardingId }).catch(showFailure);
  return (
    <>
      <SmallButton onClick={() => setCreating(true)}>Create a plan for {productName}</SmallButton>
      {creating && (
        <PlanForm
          plan={null}
          begun={{ name: productName, products: { [billingId]: [productId] } }}
          onSaved={again}
          onClose={() => setCreating(false)}
        />
      )}
    </>
  );
}

/** An existing user can be mapped instead of creating one; a new one gets its handover sheet. */
function RowAction({ row }: { row: OnboardingRow }) {
  const call = useConsole();
  const [mapped, setMapped] = useState(false);
  const { existing, customerId, serviceId, userId, connectionId, email } = row;
  if (userId !== null && connectionId !== null) {
    return (
      <SmallButton
        aria-label={`Handover sheet of ${email}`}
        onClick={() => openHandover({ userId, email, connectionId })}
      >
        Handover sheet
      </SmallButton>
    );
  }
  if (existing === null || customerId === null) return null;
  const map = async () => {
    const service = serviceId === null ? {} : { serviceId };
    await call('customers.map', { customerId, ...existing, ...service });
    setMapped(true);
  };
  const words = mapped ? 'Mapped' : 'Map existing user';
  return (
    <ActionButton disabled={mapped} aria-label={`${words} ${email}`} work={map}>
      {words}
    </ActionButton>
  );
}
