import { Button, Progress } from '@mantine/core';
import { IconRotate } from '@tabler/icons-react';
import { Link, useNavigate } from 'react-router';
import { withRowMenu } from '../../changes/operation/row-actions.tsx';
import { campaignPath, clusterPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SecondaryButton } from '../../kit/components/buttons.ts';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { formatCount } from '../../kit/components/format.ts';
import { PageBar } from '../../kit/components/page-bar.tsx';
import { StateBadge } from '../../kit/components/state-badge.tsx';
import { PagedTable } from '../../lists/list-page/paged-table.tsx';
import {
  countColumn,
  customColumn,
  textColumn,
  timeColumn,
} from '../../lists/table/column-kinds.tsx';
import type { DataColumn } from '../../lists/table/columns.ts';
import { RowLink } from '../../lists/table/row-link.tsx';
import { usePagedRows } from '../../lists/table/use-paged-rows.ts';
import { type Campaign, keysDone, kindWords } from './campaign-words.tsx';
import classes from './campaigns.module.css';

function Title({ campaign }: { campaign: Campaign }) {
  const cluster = useCluster();
  return (
    <RowLink to={campaignPath(cluster.id, campaign.campaignId)} words={campaign.title}>
      {campaign.title}
    </RowLink>
  );
}

const counted = (
  header: string,
  count: (campaign: Campaign) => number,
  width = 68,
): DataColumn<Campaign> => ({
  id: header,
  header,
  width,
  align: 'right',
  cell: (campaign) =>
    count(campaign) === 0 ? <span className="oc-faint">0</span> : formatCount(count(campaign)),
});

const columns: readonly DataColumn<Campaign>[] = [
  textColumn('title', 'Campaign', {
    width: 146,
    grow: true,
    cell: (campaign) => <Title campaign={campaign} />,
  }),
  textColumn('kind', 'Kind', { width: 96, cell: ({ kind }) => kindWords[kind] }),
  customColumn('state', 'State', {
    width: 84,
    cell: ({ closedAt, taskId }) =>
      closedAt ? (
        <StateBadge tone="idle">Closed</StateBadge>
      ) : (
        <StateBadge tone="information" icon={IconRotate}>
          {taskId ? 'Running' : 'Open'}
        </StateBadge>
      ),
  }),
  customColumn('progress', 'Done', {
    description: 'Keys that are revoked or skipped.',
    width: 124,
    cell: (campaign) => (
      <span className={classes.done}>
        <Progress
          size={6}
          flex={1}
          value={(keysDone(campaign) / Math.max(1, campaign.total)) * 100}
          aria-label={`Done of ${campaign.title}`}
        />
        <span className="oc-number">
          {formatCount(keysDone(campaign))} of {formatCount(campaign.total)}
        </span>
      </span>
    ),
  }),
  counted('To do', ({ counts }) => counts.todo + counts.generating, 64),
  counted('To hand over', ({ counts }) => counts.generated),
  counted('Handed over', ({ counts }) => counts['handed-over']),
  counted('To revoke', ({ counts }) => counts['in-use'] + counts.revoking),
  counted('Failed', ({ counts }) => counts.failed, 64),
  countColumn('total', 'Keys', { width: 56, hidden: true }),
  timeColumn('createdAt', 'Started', { width: 140 }),
  textColumn('createdBy', 'By', { width: 76 }),
];

const columnsWithMenu = withRowMenu(columns, {
  nameOf: ({ title }) => title,
  reading: ({ campaignId, title, comment }, connectionId) => ({
    path: campaignPath(connectionId, campaignId),
    copies: { Title: title, Comment: comment, 'Campaign id': campaignId },
  }),
});

/** Rotations staged over many keys, newest first. */
export function CampaignsPage() {
  const cluster = useCluster();
  const navigate = useNavigate();
  const rows = usePagedRows('campaigns.list', { connectionId: cluster.id });
  return (
    <div className="oc-page">
      <PageBar
        title="Key campaigns"
        count={rows.total}
        primaryAction={
          <Button component={Link} to={clusterPath(cluster.id, 'keys?older=365')}>
            Select old keys
          </Button>
        }
      />
      <PagedTable
        tableId="campaigns"
        label="Key campaigns"
        rows={rows}
        columns={columnsWithMenu}
        rowId={({ campaignId }) => campaignId}
        onOpen={({ campaignId }) => navigate(campaignPath(cluster.id, campaignId))}
        empty={
          <EmptyState
            icon={IconRotate}
            title="No key campaigns yet"
            action={
              <SecondaryButton component={Link} to={clusterPath(cluster.id, 'keys')}>
                Select keys
              </SecondaryButton>
            }
          >
            A campaign rotates many keys over days or weeks. Filter the Keys page by age, owner or
            slots, then start one from there.
          </EmptyState>
        }
      />
    </div>
  );
}
