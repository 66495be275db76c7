import { IconChartBar, IconCloudDownload } from '@tabler/icons-react';
import { clusterPath } from '../../../kit/addresses.ts';
import { verbs } from '../../../kit/verbs.ts';
import { type Bucket, bucketSections } from '../../buckets/bucket-registries.ts';
import { overviewSections } from '../../overview/overview-registry.ts';
import { type User, userSections } from '../../users/user-registries.ts';
import { UsageOverview } from './overview-section.tsx';
import { StorageSection } from './storage-section.tsx';
import { UsageSection } from './usage-section.tsx';

userSections.register({
  id: 'usage',
  order: 40,
  title: 'Usage',
  Component: ({ subject }: { subject: User }) => (
    <UsageSection filter={{ userId: subject.userId }} />
  ),
});
userSections.register({
  id: 'storage',
  order: 45,
  title: 'Storage',
  Component: ({ subject }: { subject: User }) => (
    <StorageSection of={{ userId: subject.userId, bucket: null }} />
  ),
});
bucketSections.register({
  id: 'storage',
  order: 25,
  title: 'Storage',
  Component: ({ subject }: { subject: Bucket }) => (
    <StorageSection of={{ userId: null, bucket: subject.name }} />
  ),
});
bucketSections.register({
  id: 'usage',
  order: 40,
  title: 'Usage',
  Component: ({ subject }: { subject: Bucket }) => (
    <UsageSection filter={{ bucket: subject.name }} />
  ),
});
overviewSections.register({ id: 'usage', order: 20, title: 'Usage', Component: UsageOverview });

verbs.register({
  id: 'usage.collect',
  order: 300,
  label: 'Collect usage statistics',
  icon: IconCloudDownload,
  keywords: 'fetch archive billing',
  target: 'cluster',
  run: ({ cluster, navigate }) => void navigate(clusterPath(cluster.id, 'usage/collection')),
});
verbs.register({
  id: 'usage.lastMonth',
  order: 310,
  label: 'Show who used most last month',
  icon: IconChartBar,
  keywords: 'usage traffic heaviest report',
  target: 'cluster',
  run: ({ cluster, navigate }) =>
    void navigate(`${clusterPath(cluster.id, 'usage')}?period=last-month`),
});
verbs.register({
  id: 'usage.ofUser',
  order: 320,
  label: 'Show usage of user',
  icon: IconChartBar,
  target: 'user',
  run: ({ target, cluster, navigate }) => {
    if (target?.kind !== 'user') return;
    void navigate(`${clusterPath(cluster.id, 'usage')}?user=${encodeURIComponent(target.userId)}`);
  },
});
verbs.register({
  id: 'usage.ofBucket',
  order: 330,
  label: 'Show usage of bucket',
  icon: IconChartBar,
  target: 'bucket',
  run: ({ target, cluster, navigate }) => {
    if (target?.kind !== 'bucket') return;
    void navigate(`${clusterPath(cluster.id, 'usage')}?bucket=${encodeURIComponent(target.name)}`);
  },
});
