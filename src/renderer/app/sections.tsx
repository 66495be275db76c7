import { LimitsSection } from '../changes/limits/limits-section.tsx';
import type { PageSections } from '../kit/detail/sections.tsx';
import { Origin, Owner, Size } from '../pages/buckets/bucket-sections.tsx';
import { History } from '../pages/journal/history-section.tsx';
import { ObjectsSection } from '../pages/usage/gateway/objects-section.tsx';
import {
  CoverageNow,
  Movers,
  StorageTrend,
  TrafficTrend,
} from '../pages/usage/sections/cluster-trends.tsx';
import {
  StorageSection,
  UsageOverview,
  UsageSection,
} from '../pages/usage/sections/usage-sections.tsx';
import {
  Accounts,
  BucketCount,
  Buckets,
  CreateAccount,
  Keys,
  KeysAside,
} from '../pages/users/user-sections.tsx';

/** The sections of a user, a bucket and the overview, in the order shown. Adding one is one entry here. */
export const sections: PageSections = {
  user: [
    { id: 'keys', title: 'Keys', Component: Keys, Aside: KeysAside },
    { id: 'buckets', title: 'Buckets', Component: Buckets, Aside: BucketCount },
    {
      id: 'limits',
      title: 'Quota and limits',
      Component: ({ subject: { userId, currentBytes } }) => (
        <LimitsSection target={{ user: userId }} bytes={currentBytes} />
      ),
    },
    {
      id: 'usage',
      title: 'Usage',
      Component: ({ subject: { userId } }) => <UsageSection filter={{ userId }} />,
    },
    {
      id: 'storage',
      title: 'Storage',
      Component: ({ subject: { userId } }) => <StorageSection of={{ userId, bucket: null }} />,
    },
    { id: 'objects', title: 'Statistics objects', Component: ObjectsSection },
    { id: 'accounts', title: 'Accounts', Component: Accounts, Aside: CreateAccount },
    {
      id: 'history',
      title: 'History',
      Component: ({ subject }) => <History targetId={subject.userId} />,
    },
  ],
  bucket: [
    { id: 'owner', title: 'Owner', Component: Owner },
    { id: 'size', title: 'Size', Component: Size },
    {
      id: 'storage',
      title: 'Storage',
      Component: ({ subject }) => <StorageSection of={{ userId: null, bucket: subject.name }} />,
    },
    {
      id: 'limits',
      title: 'Quota and limits',
      Component: ({ subject: { name, currentBytes } }) => (
        <LimitsSection target={{ bucket: name }} bytes={currentBytes} />
      ),
    },
    {
      id: 'usage',
      title: 'Usage',
      Component: ({ subject }) => <UsageSection filter={{ bucket: subject.name }} />,
    },
    { id: 'origin', title: 'Origin', Component: Origin },
    {
      id: 'history',
      title: 'History',
      Component: ({ subject }) => <History targetId={subject.name} />,
    },
  ],
  overview: [
    { id: 'storage', title: 'Storage, 30 days', Component: StorageTrend },
    { id: 'traffic', title: 'Traffic, 30 days', Component: TrafficTrend },
    { id: 'movers', title: 'Risers and fallers, 7 days', Component: Movers },
    { id: 'usage', title: 'Usage', Component: UsageOverview },
    { id: 'journal', title: 'Last changes', Component: () => <History shown={10} /> },
    { id: 'coverage', title: 'Usage coverage, 7 days', Component: CoverageNow },
  ],
};
