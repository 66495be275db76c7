import { IconDatabaseCog, IconGauge } from '@tabler/icons-react';
import { editLimitsOf, editQuotaOf } from '../../../changes/limits/edit-when-read.tsx';
import { LimitsSection } from '../../../changes/limits/limits-section.tsx';
import { verbs } from '../../../kit/verbs.ts';
import { bucketActions, bucketSections } from '../bucket-registries.ts';

bucketSections.register({
  id: 'limits',
  order: 30,
  title: 'Quota and limits',
  Component: ({ subject }) => (
    <LimitsSection target={{ bucket: subject.name }} bytes={subject.currentBytes} />
  ),
});
bucketActions.register({
  id: 'quotas.set',
  order: 20,
  label: () => 'Set quota',
  writes: true,
  shortcut: 'e',
  start: ({ name }) => editQuotaOf({ bucket: name }),
});
bucketActions.register({
  id: 'limits.set',
  order: 21,
  label: () => 'Set rate limits',
  writes: true,
  start: ({ name }) => editLimitsOf({ bucket: name }),
});
verbs.register({
  id: 'quotas.set-bucket',
  order: 20,
  label: 'Set quota of bucket',
  icon: IconDatabaseCog,
  keywords: 'size limit gigabytes raise',
  target: 'bucket',
  run: ({ target }) => {
    if (target?.kind === 'bucket') editQuotaOf({ bucket: target.name });
  },
});
verbs.register({
  id: 'limits.set-bucket',
  order: 21,
  label: 'Set rate limits of bucket',
  icon: IconGauge,
  keywords: 'operations bandwidth throttle',
  target: 'bucket',
  run: ({ target }) => {
    if (target?.kind === 'bucket') editLimitsOf({ bucket: target.name });
  },
});
