import type { QueryClient } from '@tanstack/react-query';
import { type ConsoleEvent, type DataTopic, dataTopics } from '#shared/contract/events.ts';
import type { CallInput, CallName, CallOutput } from '#shared/contract/index.ts';
import { noteSecured } from '../stores/secured.ts';

type Task = CallOutput<'tasks.list'>[number];

/** What a statement is made of. */
const bills: readonly DataTopic[] = ['usage', 'tariffs', 'storage', 'users', 'buckets'];

/** Topics besides its own domain that make a call's value stale. */
const furtherTopics: { [Name in CallName]?: readonly DataTopic[] } = {
  'sync.overview': ['users', 'buckets', 'usage', 'quotas'],
  'sync.find': ['users', 'buckets', 'keys', 'inventory'],
  'users.list': ['buckets', 'keys', 'quotas', 'inventory'],
  'users.get': ['buckets', 'keys', 'accounts'],
  'buckets.list': ['users', 'quotas', 'inventory'],
  'buckets.get': ['users'],
  'keys.list': ['users', 'inventory'],
  'limits.grid': ['users', 'buckets', 'quotas', 'inventory'],
  'storage.lastSample': ['users', 'buckets'],
  'archive.status': ['usage'],
  'archive.backups': ['usage'],
  'signals.list': dataTopics,
  'storage.movers': ['users'],
  'storage.history': ['users', 'buckets', 'usage'],
  'storage.days': ['users', 'buckets', 'usage'],
  'statements.make': bills,
  'statements.previewAll': bills,
  'statements.chargedElsewhere': bills,
  'statements.issued': ['usage', 'storage'],
  'statements.corrections': ['usage', 'tariffs', 'storage'],
  'pressure.list': ['users', 'buckets', 'limits', 'quotas', 'inventory', 'usage', 'storage'],
  'pressure.raises': ['limits', 'quotas'],
  'campaigns.keys': ['usage'],
  'plans.list': ['bulk'],
  'plans.rows': ['bulk'],
  'inventory.status': ['users', 'buckets', 'keys', 'limits', 'quotas'],
  'customers.get': ['users'],
  'customers.suspensionDrift': ['users'],
  'customers.suggestions': ['users'],
  'customers.unpaid': ['users'],
  'customers.unused': ['users'],
  'onboarding.counts': ['users'],
  'offboarding.previewStatement': bills,
  'servicePlans.drift': ['users', 'limits', 'quotas', 'inventory'],
  'servicePlans.preview': ['users', 'limits', 'quotas', 'inventory'],
};

/** Returns whether a `data.changed` of these topics makes the value of that call stale. */
export function isStaleBy(callName: CallName, topics: readonly DataTopic[]): boolean {
  const domain = callName.slice(0, callName.indexOf('.'));
  const further = furtherTopics[callName] ?? [];
  return topics.some((topic) => topic === domain || further.includes(topic));
}

/** Brings the cache in line with core's events. */
export function applyEvent(queryClient: QueryClient, event: ConsoleEvent): void {
  switch (event.name) {
    case 'sync.changed': {
      const { connectionId, status } = event.payload;
      const queryKey = [connectionId, 'sync.status'];
      // An answer that is on its way was given before: it must not take this one's place.
      void queryClient.cancelQueries({ queryKey }, { revert: false, silent: true });
      queryClient.setQueriesData({ queryKey }, status);
      if (!status.refreshing) refreshSignals(queryClient);
      return;
    }
    case 'data.changed': {
      const { connectionId, topics } = event.payload;
      // what belongs to no cluster may rest on any
      void queryClient.invalidateQueries({
        predicate: ({ queryKey: [scope, name] }) =>
          (scope === connectionId || scope === consoleScope) && isStaleBy(name as CallName, topics),
      });
      refreshSignals(queryClient);
      return;
    }
    case 'connections.changed':
      void queryClient.invalidateQueries({ queryKey: [consoleScope, 'connections.list'] });
      refreshSignals(queryClient);
      // where secrets are may have changed with it
      void queryClient.invalidateQueries({ queryKey: [consoleScope, 'app.info'] });
      return;
    case 'customers.changed':
      if (event.payload.onlyReading) {
        void queryClient.invalidateQueries({ queryKey: [consoleScope, 'billing.list'] });
        return;
      }
      void queryClient.invalidateQueries({
        predicate: ({ queryKey }) =>
          /^(customers|signals|billing|statements|invoices|servicePlans|onboarding|offboarding)\./.test(
            String(queryKey[1]),
          ),
      });
      return;
    case 'task.changed':
      mergeTask(queryClient, event.payload.task);
      if (event.payload.task.kind === 'app.download') {
        void queryClient.invalidateQueries({ queryKey: [consoleScope, 'app.updates'] });
      }
      return;
    case 'notices.changed':
      void queryClient.invalidateQueries({ queryKey: [consoleScope, 'app.updates'] });
      void queryClient.invalidateQueries({ queryKey: [consoleScope, 'app.info'] });
      return;
    case 'preferences.changed':
      mergePreferences(queryClient, event.payload.changes);
      return;
    case 'app.secured':
      noteSecured();
  }
}

const ofSignals: ReadonlySet<unknown> = new Set(['signals.list', 'signals.clusters']);

/** Signals of all clusters depend on the data of each; those of one also on whether it answers. */
function refreshSignals(queryClient: QueryClient): void {
  void queryClient.invalidateQueries({ predicate: ({ queryKey }) => ofSignals.has(queryKey[1]) });
}

function mergePreferences(
  queryClient: QueryClient,
  changes: CallInput<'preferences.set'>['changes'],
): void {
  const key = callKey('preferences.get', {});
  const kept = queryClient.getQueryData<CallOutput<'preferences.get'>>(key);
  // what is being read may have been read before this change
  if (!kept) return void queryClient.invalidateQueries({ queryKey: key });
  const values = Object.entries({ ...kept, ...changes }).filter(([, value]) => value !== null);
  queryClient.setQueryData(key, Object.fromEntries(values));
}

function mergeTask(queryClient: QueryClient, task: Task): void {
  queryClient.setQueriesData<Task[]>({ queryKey: [consoleScope, 'tasks.list'] }, (tasks) => {
    if (!tasks) return tasks;
    return tasks.some(({ taskId }) => taskId === task.taskId)
      ? tasks.map((other) => (other.taskId === task.taskId ? task : other))
      : [task, ...tasks];
  });
  const key = [task.connectionId ?? consoleScope, 'tasks.get'];
  void queryClient.invalidateQueries({ queryKey: key });
}

/** Scope of calls that belong to no cluster. */
const consoleScope = 'console';

/** A query's key: which connection, which call, with what. Invalidation goes by the first two. */
type CallKey<Name extends CallName = CallName> = readonly [
  scope: string,
  name: Name,
  input: CallInput<Name>,
];

/** The key under which the value of this call is cached. */
export function callKey<Name extends CallName>(name: Name, input: CallInput<Name>): CallKey<Name> {
  const scope =
    'connectionId' in input && typeof input.connectionId === 'string'
      ? input.connectionId
      : consoleScope;
  return [scope, name, input];
}
