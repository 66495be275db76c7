import { IconDatabaseCog, IconGauge } from '@tabler/icons-react';
import { editLimitsOf, editQuotaOf } from '../../../changes/limits/edit-when-read.tsx';
import { LimitsSection } from '../../../changes/limits/limits-section.tsx';
import { verbs } from '../../../kit/verbs.ts';
import { userActions, userSections } from '../user-registries.ts';

userSections.register({
  id: 'limits',
  order: 30,
  title: 'Quota and limits',
  Component: ({ subject }) => (
    <LimitsSection target={{ user: subject.userId }} bytes={subject.currentBytes} />
  ),
});
userActions.register({
  id: 'quotas.set',
  order: 20,
  label: () => 'Set quota',
  writes: true,
  shortcut: 'e',
  start: ({ userId }) => editQuotaOf({ user: userId }),
});
userActions.register({
  id: 'limits.set',
  order: 21,
  label: () => 'Set rate limits',
  writes: true,
  start: ({ userId }) => editLimitsOf({ user: userId }),
});
verbs.register({
  id: 'quotas.set-user',
  order: 20,
  label: 'Set quota of user',
  icon: IconDatabaseCog,
  keywords: 'size limit gigabytes raise',
  target: 'user',
  run: ({ target }) => {
    if (target?.kind === 'user') editQuotaOf({ user: target.userId });
  },
});
verbs.register({
  id: 'limits.set-user',
  order: 21,
  label: 'Set rate limits of user',
  icon: IconGauge,
  keywords: 'operations bandwidth throttle',
  target: 'user',
  run: ({ target }) => {
    if (target?.kind === 'user') editLimitsOf({ user: target.userId });
  },
});
for (const of of ['user', 'bucket'] as const) {
  verbs.register({
    id: `quotas.set-default-${of}`,
    order: 30,
    label: `Set default quota of every ${of}`,
    icon: IconDatabaseCog,
    keywords: 'size limit gigabytes',
    target: 'cluster',
    run: () => editQuotaOf({ default: of }),
  });
}
