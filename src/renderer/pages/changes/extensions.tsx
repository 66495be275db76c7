import { IconArrowsShuffle, IconFileImport, IconTablePlus } from '@tabler/icons-react';
import { changesPath, newChangesPath, planPath } from '../../kit/addresses.ts';
import { verbs } from '../../kit/verbs.ts';
import { bucketBulkActions } from '../buckets/bucket-registries.ts';
import { userBulkActions } from '../users/user-registries.ts';
import { ChangeMenu } from './change-menu.tsx';

userBulkActions.register({
  id: 'change',
  order: 10,
  Component: ({ rows }) => (
    <ChangeMenu targets={{ kind: 'user', ids: rows.map(({ userId }) => userId) }} />
  ),
});

bucketBulkActions.register({
  id: 'change',
  order: 10,
  Component: ({ rows }) => (
    <ChangeMenu targets={{ kind: 'bucket', ids: rows.map(({ name }) => name) }} />
  ),
});

verbs.register({
  id: 'changes.new',
  order: 200,
  label: 'Change many users from a table or a filter',
  icon: IconTablePlus,
  keywords: 'bulk csv paste import mass',
  target: 'cluster',
  run: ({ cluster, navigate }) => void navigate(newChangesPath(cluster.id)),
});

verbs.register({
  id: 'changes.plan',
  order: 201,
  label: 'Open a change plan',
  icon: IconFileImport,
  keywords: 'bulk file apply drift',
  target: 'cluster',
  run: ({ cluster, navigate }) => void navigate(planPath(cluster.id)),
});

verbs.register({
  id: 'changes.runs',
  order: 202,
  label: 'Earlier bulk changes',
  icon: IconArrowsShuffle,
  keywords: 'runs resume retry reverse',
  target: 'cluster',
  run: ({ cluster, navigate }) => void navigate(changesPath(cluster.id)),
});
