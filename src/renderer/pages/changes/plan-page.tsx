import { Button } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { type AppError, toAppError } from '#shared/errors.ts';
import classes from '../../changes/bulk/bulk.module.css';
import { FileDrop, type OpenedFile, OpenFileButton } from '../../changes/bulk/open-file.tsx';
import { PrepareProgress, usePrepare } from '../../changes/bulk/prepare-progress.tsx';
import { withRowMenu } from '../../changes/operation/row-actions.tsx';
import { keptPlanPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ActionButton } from '../../kit/components/action-button.tsx';
import { SecondaryButton } from '../../kit/components/buttons.ts';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { PageBar } from '../../kit/components/page-bar.tsx';
import { useArrivedFile } from '../../kit/components/read-text-file.ts';
import { Time } from '../../kit/components/time.tsx';
import { Fact, Facts } from '../../kit/detail/detail.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useSync } from '../../kit/use-sync.ts';
import type { DataColumn } from '../../lists/table/columns.ts';
import { PlanRows } from './change-rows.tsx';
import { OtherAddress, type PlanRow } from './plan-words.tsx';
import { changeMenu, planColumns } from './run-columns.tsx';
import { BackToRuns } from './run-words.tsx';

type OpenedPlan = CallOutput<'plans.open'>;

interface Opened {
  fileName: string;
  content: string;
  plan: OpenedPlan;
}

/** Opens a change plan: what it would do, and comparing it with the live cluster. */
export function PlanPage() {
  const call = useConsole();
  const cluster = useCluster();
  const [opened, setOpened] = useState<Opened | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [, setParameters] = useSearchParams();
  const open = async ({ name, text }: OpenedFile) => {
    setError(null);
    setOpened(null);
    setParameters({}, { replace: true }); // another plan: what was searched for is not in it
    try {
      const plan = await call('plans.open', { connectionId: cluster.id, content: text });
      setOpened({ fileName: name, content: text, plan });
    } catch (thrown) {
      setError(toAppError(thrown));
    }
  };
  useArrivedFile('plan', (file) => void open(file));
  const button = (
    <OpenFileButton
      label={opened ? 'Open another' : 'Open a plan file'}
      accept=".ostorplan,.json,application/json"
      primary={!opened}
      onOpen={(file) => void open(file)}
    />
  );
  return (
    <>
      <PageBar
        title={opened?.plan.name ?? 'Change plan'}
        before={<BackToRuns />}
        primaryAction={opened ? button : null}
      />
      <FileDrop onOpen={(file) => void open(file)} className={opened ? 'oc-page' : 'oc-scroll'}>
        {error && (
          <div className={classes.page}>
            <ErrorPanel title="The plan could not be opened" error={error} />
          </div>
        )}
        {opened ? (
          <PlanView key={opened.content} opened={opened} />
        ) : (
          <EmptyState icon={IconFileImport} title="Open a change plan" action={button}>
            A plan is a file that this console saved, here or on another workstation. Select it, or
            drop it here. It is compared with the live cluster before anything is sent.
          </EmptyState>
        )}
      </FileDrop>
    </>
  );
}

function PlanView({ opened }: { opened: Opened }) {
  const { plan, content, fileName } = opened;
  const cluster = useCluster();
  const { status } = useSync(cluster.id);
  const prepare = usePrepare();
  const offline = status?.state === 'offline';
  return (
    <>
      <div className={classes.planHead}>
        {plan.note !== null && <p className={classes.note}>{plan.note}</p>}
        <Facts>
          <Fact name="File">{fileName}</Fact>
          <Fact name="Changes">{`${formatCounted(plan.changes, 'change')} of ${formatCounted(plan.tenants, 'target')}`}</Fact>
          <Fact name="Made">
            <Time value={plan.createdAt} /> by {plan.createdBy}
          </Fact>
          <Fact name="Made for">{`${plan.connectionName} (${plan.endpoint})`}</Fact>
          <Fact name="From data of">
            <Time value={plan.snapshotAsOf} />
          </Fact>
          {plan.reverses !== null && (
            <Fact name="Reverses run">
              <span className="oc-mono">{plan.reverses}</span>
            </Fact>
          )}
        </Facts>
        {!plan.sameCluster && <OtherAddress endpoint={plan.endpoint} act="Compare" />}
        <PrepareProgress state={prepare} />
        {prepare.error && <ErrorPanel error={prepare.error} compact />}
        <div className="oc-wrap-row">
          <Button
            loading={prepare.running}
            disabled={offline}
            onClick={() => void prepare.fromPlan(content)}
          >
            Compare with the cluster
          </Button>
          {prepare.running ? (
            <SecondaryButton onClick={prepare.cancel}>Cancel</SecondaryButton>
          ) : (
            <KeepButton content={content} />
          )}
          <span className="oc-hint">
            {offline
              ? 'The gateway can’t be reached; the plan can be read, and compared later.'
              : 'Reads every target and shows which are as planned, changed since, or gone. Sends no change.'}
          </span>
        </div>
      </div>
      <PlanRows planId={plan.planId} tableId="change-plan" columns={fileColumns} />
    </>
  );
}

/** Keeps the plan in the console, where it can be edited. */
function KeepButton({ content }: { content: string }) {
  const call = useConsole();
  const { id: connectionId } = useCluster();
  const navigate = useNavigate();
  const keep = async () => {
    const { planId } = await call('plans.import', { connectionId, content });
    navigate(keptPlanPath(connectionId, planId));
  };
  return (
    <ActionButton look={SecondaryButton} work={keep}>
      Keep in change plans
    </ActionButton>
  );
}

const fileColumns = withRowMenu(planColumns as readonly DataColumn<PlanRow>[], changeMenu);
