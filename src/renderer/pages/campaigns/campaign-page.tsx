import { Progress } from '@mantine/core';
import { IconKeyOff } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useParams } from 'react-router';
import { UserDetail } from '../../changes/users/user-detail.tsx';
import { clusterPath, userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SmallButton } from '../../kit/components/buttons.ts';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import { GuardedButton, notPlannable, useWriteHold } from '../../kit/components/guarded-button.tsx';
import { BackLink, PageBar } from '../../kit/components/page-bar.tsx';
import { StateBadge } from '../../kit/components/state-badge.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { useOfferOnScreen } from '../../kit/stores/on-screen.ts';
import { showFailure } from '../../kit/use-action.ts';
import type { FilterPart, ListFilter } from '../../lists/list-page/filters.ts';
import { ListView } from '../../lists/list-page/list-view.tsx';
import { campaignColumns } from './campaign-columns.tsx';
import {
  type Campaign,
  type CampaignKey,
  type KeyState,
  keyStates,
  keysDone,
  kindWords,
  stateNames,
} from './campaign-words.tsx';
import classes from './campaigns.module.css';
import { openEditCampaign } from './mark-dialogs.tsx';
import { MarkMenu, markHold } from './mark-menu.tsx';
import { openStep, StepsOfSelected, stepVerb } from './step-dialog.tsx';

type Part = FilterPart<'campaigns.keys'>;

const filters: readonly ListFilter<Part>[] = [
  {
    id: 'state',
    label: 'State',
    options: stateNames.map((value) => ({ value, label: keyStates[value].word })),
    toInput: (state) => ({ filter: { state: state as KeyState } }),
  },
];

const separator = ' ';
const rowIdOf = ({ row, userId }: CampaignKey): string => `${row}${separator}${userId}`;
const rowOf = (rowId: string): string => rowId.split(separator)[0] ?? rowId;
const userOf = (rowId: string): string => rowId.split(separator)[1] ?? rowId;

/** One key campaign: its progress, its steps, and the state of each key. */
export function CampaignPage() {
  const { campaignId = '' } = useParams();
  const cluster = useCluster();
  const input = useMemo(() => ({ campaignId }), [campaignId]);
  const query = useCall('campaigns.get', { connectionId: cluster.id, campaignId });
  const hold = markHold(query.data);
  const marks = hold === null;
  const columns = useMemo(() => campaignColumns(campaignId, marks), [campaignId, marks]);
  const before = <BackLink to={clusterPath(cluster.id, 'campaigns')}>Key campaigns</BackLink>;
  if (!query.data && query.error) {
    return (
      <div className="oc-page">
        <PageBar title="Key campaign" before={before} />
        <div className="oc-state">
          <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
        </div>
      </div>
    );
  }
  return (
    <ListView
      key={campaignId}
      tableId="campaign-keys"
      title={query.data?.title ?? 'Key campaign'}
      before={before}
      noun="key"
      call="campaigns.keys"
      input={input}
      columns={columns}
      rowId={rowIdOf}
      only={rowOf}
      filters={filters}
      searchPlaceholder="Search owner, account or key id"
      defaultSort={{ by: 'state', descending: false }}
      renderDetail={(rowId) => <UserDetail key={userOf(rowId)} userId={userOf(rowId)} />}
      fullPath={(rowId) => userPath(cluster.id, userOf(rowId))}
      selectionScope={JSON.stringify([query.data?.counts, query.data?.taskId])}
      renderBulkActions={(selection) => (
        <>
          {query.data && (
            <StepsOfSelected
              campaignId={campaignId}
              steps={offeredSteps(query.data).map(({ step }) => step)}
              keys={[...selection.rows.values()]}
            />
          )}
          <MarkMenu campaignId={campaignId} hold={hold} keys={[...selection.rows.values()]} />
        </>
      )}
      banner={query.data && <Head campaign={query.data} />}
      empty={
        <EmptyState icon={IconKeyOff} title="No keys">
          This campaign has no keys.
        </EmptyState>
      }
    />
  );
}

function Head({ campaign }: { campaign: Campaign }) {
  const { counts, total, comment, kind, closedAt } = campaign;
  const done = keysDone(campaign);
  return (
    <section className={classes.head} aria-label="The campaign">
      <div className={classes.line}>
        <span>{kindWords[kind]}</span>
        {closedAt && <StateBadge tone="idle">Closed</StateBadge>}
        <Progress
          className={classes.bar ?? ''}
          size={6}
          value={(done / Math.max(1, total)) * 100}
          aria-label="Keys done"
        />
        <span className="oc-number">
          {formatCount(done)} of {formatCounted(total, 'key')} done
        </span>
        <span className={classes.counts}>
          {stateNames
            .filter((state) => counts[state] > 0)
            .map((state) => (
              <span key={state}>
                {keyStates[state].word} <b className="oc-number">{formatCount(counts[state])}</b>
              </span>
            ))}
        </span>
      </div>
      {comment !== '' && <p className={classes.comment}>{comment}</p>}
      <Steps campaign={campaign} />
      <div className="oc-dimmed">
        Usage is known per user, not per key: “Last active” says that the user was, not with which
        key. Ask the customer before you mark a key as in use.
      </div>
    </section>
  );
}

/** The steps of an open campaign, each with the reason why it is off. */
function offeredSteps({ closedAt, taskId, kind, due }: Campaign) {
  if (closedAt !== null || taskId !== null) return [];
  const revoke = { step: 'revoke', none: 'No key is marked as in use.' } as const;
  // a campaign that finishes rotations generates only where the new key is gone
  if (kind === 'finish' && due.generate === 0) return [revoke];
  return [{ step: 'generate', none: 'No key is to be generated.' } as const, revoke];
}

function Steps({ campaign }: { campaign: Campaign }) {
  const call = useConsole();
  const { id: connectionId } = useCluster();
  const hold = useWriteHold(notPlannable.campaign);
  const { campaignId, title, closedAt, taskId } = campaign;
  const isClosed = closedAt !== null;
  const steps = offeredSteps(campaign).map(({ step, none }) => ({
    step,
    due: campaign.due[step],
    reason: campaign.due[step] === 0 ? none : hold,
    start: () => openStep({ campaignId, step }),
  }));
  const setClosed = (closed: boolean) =>
    void call('campaigns.update', { connectionId, campaignId, closed }).catch(showFailure);
  useOfferOnScreen(() =>
    steps.map(({ step, due, reason, start }) => ({
      id: `campaign-${step}`,
      label: `${stepVerb(step, due)}: ${title}`,
      ...{ reason, start },
    })),
  );
  if (taskId) return <Running taskId={taskId} />;
  return (
    <div className={classes.line}>
      {steps.map(({ step, due, reason, start }) => (
        <GuardedButton
          key={step}
          size="compact-sm"
          {...(step === 'revoke' ? { variant: 'default' } : {})}
          reason={reason}
          onClick={start}
        >
          {stepVerb(step, due)}
        </GuardedButton>
      ))}
      <SmallButton onClick={() => openEditCampaign(campaign)}>Edit</SmallButton>
      <SmallButton onClick={() => setClosed(!isClosed)}>
        {isClosed ? 'Reopen' : 'Close campaign'}
      </SmallButton>
    </div>
  );
}

function Running({ taskId }: { taskId: string }) {
  const call = useConsole();
  const task = useCall('tasks.list', {}).data?.find((one) => one.taskId === taskId);
  const total = task?.total ?? 0;
  return (
    <div className={classes.line}>
      <Progress
        className={classes.bar ?? ''}
        size={6}
        value={total === 0 ? 0 : ((task?.done ?? 0) / total) * 100}
        aria-label="The step"
      />
      <span className="oc-number oc-dimmed">
        {formatCount(task?.done ?? 0)} of {formatCount(total)}
      </span>
      <SmallButton onClick={() => void call('tasks.cancel', { taskId }).catch(showFailure)}>
        Cancel
      </SmallButton>
    </div>
  );
}
