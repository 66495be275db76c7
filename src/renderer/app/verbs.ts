import {
  IconArrowsShuffle,
  IconBucketOff,
  IconChartBar,
  IconCloudDownload,
  IconDatabaseCog,
  IconFileImport,
  IconGauge,
  IconTablePlus,
  IconUserCheck,
  IconUserOff,
  IconUserPlus,
  IconUserX,
  type TablerIcon,
} from '@tabler/icons-react';
import type { NavigateFunction } from 'react-router';
import { openRemoveBucket } from '../changes/buckets/remove-bucket.tsx';
import { editLimitsOf, editQuotaOf } from '../changes/limits/edit-when-read.tsx';
import { openUserOperation } from '../changes/users/user-operations.tsx';
import { changesPath, clusterPath, newChangesPath, planPath } from '../kit/addresses.ts';
import type { Connection } from '../kit/cluster-context.tsx';
import { openCreateUser } from '../pages/users/create-user.tsx';

interface Targets {
  user: { kind: 'user'; userId: string; email: string };
  bucket: { kind: 'bucket'; name: string };
  cluster: null;
}

/** What a verb is done to; null: to the cluster as a whole. */
export type VerbTarget = Targets[keyof Targets];

/** One thing the command palette can do, to a target of one kind. */
interface VerbOn<Kind extends keyof Targets> {
  id: string;
  /** `Disable user`; the palette adds the target's name. */
  label: string;
  icon: TablerIcon;
  /** Further words it is found by. */
  keywords?: string;
  target: Kind;
  run(context: { target: Targets[Kind]; cluster: Connection; navigate: NavigateFunction }): void;
}

/** One thing the command palette can do. */
export type Verb = VerbOn<'user'> | VerbOn<'bucket'> | VerbOn<'cluster'>;

const usagePath = (cluster: Connection, query: Record<string, string>) =>
  `${clusterPath(cluster.id, 'usage')}?${new URLSearchParams(query)}`;

/** The verbs of the command palette, in the order shown. Adding one is one entry here. */
export const verbs: readonly Verb[] = [
  {
    id: 'users.create',
    label: 'Create user',
    icon: IconUserPlus,
    keywords: 'new add',
    target: 'cluster',
    run: openCreateUser,
  },
  {
    id: 'users.disable',
    label: 'Disable user',
    icon: IconUserOff,
    keywords: 'lock block suspend',
    target: 'user',
    run: ({ target }) => openUserOperation('users.disable', target.userId),
  },
  {
    id: 'users.enable',
    label: 'Enable user',
    icon: IconUserCheck,
    keywords: 'unlock unblock',
    target: 'user',
    run: ({ target }) => openUserOperation('users.enable', target.userId),
  },
  {
    id: 'quotas.set-user',
    label: 'Set quota of user',
    icon: IconDatabaseCog,
    keywords: 'size limit gigabytes raise',
    target: 'user',
    run: ({ target }) => editQuotaOf({ user: target.userId }),
  },
  {
    id: 'quotas.set-bucket',
    label: 'Set quota of bucket',
    icon: IconDatabaseCog,
    keywords: 'size limit gigabytes raise',
    target: 'bucket',
    run: ({ target }) => editQuotaOf({ bucket: target.name }),
  },
  {
    id: 'limits.set-user',
    label: 'Set rate limits of user',
    icon: IconGauge,
    keywords: 'operations bandwidth throttle',
    target: 'user',
    run: ({ target }) => editLimitsOf({ user: target.userId }),
  },
  {
    id: 'limits.set-bucket',
    label: 'Set rate limits of bucket',
    icon: IconGauge,
    keywords: 'operations bandwidth throttle',
    target: 'bucket',
    run: ({ target }) => editLimitsOf({ bucket: target.name }),
  },
  {
    id: 'quotas.set-default-user',
    label: 'Set default quota of every user',
    icon: IconDatabaseCog,
    keywords: 'size limit gigabytes',
    target: 'cluster',
    run: () => editQuotaOf({ default: 'user' }),
  },
  {
    id: 'quotas.set-default-bucket',
    label: 'Set default quota of every bucket',
    icon: IconDatabaseCog,
    keywords: 'size limit gigabytes',
    target: 'cluster',
    run: () => editQuotaOf({ default: 'bucket' }),
  },
  {
    id: 'users.remove',
    label: 'Remove user',
    icon: IconUserX,
    keywords: 'delete',
    target: 'user',
    run: ({ target }) => openUserOperation('users.remove', target.userId),
  },
  {
    id: 'buckets.remove',
    label: 'Remove bucket',
    icon: IconBucketOff,
    keywords: 'delete',
    target: 'bucket',
    run: ({ target }) => openRemoveBucket(target.name),
  },
  {
    id: 'changes.new',
    label: 'Change many users from a table or a filter',
    icon: IconTablePlus,
    keywords: 'bulk csv paste import mass',
    target: 'cluster',
    run: ({ cluster, navigate }) => void navigate(newChangesPath(cluster.id)),
  },
  {
    id: 'changes.plan',
    label: 'Open a change plan',
    icon: IconFileImport,
    keywords: 'bulk file apply drift',
    target: 'cluster',
    run: ({ cluster, navigate }) => void navigate(planPath(cluster.id)),
  },
  {
    id: 'changes.runs',
    label: 'Earlier bulk changes',
    icon: IconArrowsShuffle,
    keywords: 'runs resume retry reverse',
    target: 'cluster',
    run: ({ cluster, navigate }) => void navigate(changesPath(cluster.id)),
  },
  {
    id: 'usage.collect',
    label: 'Collect usage statistics',
    icon: IconCloudDownload,
    keywords: 'fetch archive billing',
    target: 'cluster',
    run: ({ cluster, navigate }) => void navigate(clusterPath(cluster.id, 'usage/collection')),
  },
  {
    id: 'usage.lastMonth',
    label: 'Show who used most last month',
    icon: IconChartBar,
    keywords: 'usage traffic heaviest report',
    target: 'cluster',
    run: ({ cluster, navigate }) => void navigate(usagePath(cluster, { period: 'last-month' })),
  },
  {
    id: 'usage.ofUser',
    label: 'Show usage of user',
    icon: IconChartBar,
    target: 'user',
    run: ({ target, cluster, navigate }) =>
      void navigate(usagePath(cluster, { user: target.userId })),
  },
  {
    id: 'usage.ofBucket',
    label: 'Show usage of bucket',
    icon: IconChartBar,
    target: 'bucket',
    run: ({ target, cluster, navigate }) =>
      void navigate(usagePath(cluster, { bucket: target.name })),
  },
];

/** Starts a verb on a target, where the target is of the verb's kind. */
export function runVerb(
  verb: Verb,
  { target, ...rest }: { target: VerbTarget; cluster: Connection; navigate: NavigateFunction },
): void {
  if (verb.target === 'cluster') verb.run({ target: null, ...rest });
  else if (verb.target === 'user' && target?.kind === 'user') verb.run({ target, ...rest });
  else if (verb.target === 'bucket' && target?.kind === 'bucket') verb.run({ target, ...rest });
}
