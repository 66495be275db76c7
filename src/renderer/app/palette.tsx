import { useDebouncedValue } from '@mantine/hooks';
import {
  createSpotlight,
  Spotlight,
  type SpotlightActionData,
  type SpotlightActionGroupData,
} from '@mantine/spotlight';
import {
  IconBucket,
  IconPlugConnected,
  IconRefresh,
  IconSearch,
  IconSettings,
  IconUser,
} from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import {
  bucketPath,
  clusterPath,
  connectionsPath,
  newConnectionPath,
  settingsPath,
  userPath,
} from '../kit/addresses.ts';
import type { Connection } from '../kit/cluster-context.tsx';
import { environments } from '../kit/components/environment-badge.tsx';
import { useCall } from '../kit/rpc/use-call.ts';
import { useSync } from '../kit/use-sync.ts';
import { clusterPages } from './pages.ts';
import classes from './palette.module.css';
import { runVerb, type Verb, type VerbTarget, verbs } from './verbs.ts';

const found = 6;
const [store, palette] = createSpotlight();

/** Ctrl K: pages, clusters, users and buckets by any part of their name, and verbs. */
export function CommandPalette(props: {
  connections: readonly Connection[];
  current: Connection | null;
}) {
  const [query, setQuery] = useState('');
  const groups = [
    ...usePageActions(props.current),
    ...useVerbActions(props.current, query),
    ...useFoundActions(props.current, query),
    ...useClusterActions(props.connections, props.current),
  ];
  useFirstSelected(groups);
  usePaletteShortcut();
  return (
    <Spotlight
      store={store}
      actions={groups}
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      nothingFound="No results"
      highlightQuery
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      classNames={{ actionsGroup: classes.group ?? '' }}
      scrollable
      maxHeight={440}
      limit={40}
      filter={(text, actions) => filterActions(text, actions as SpotlightActionGroupData[])}
      searchProps={{
        leftSection: <IconSearch size={16} />,
        placeholder: 'Page, cluster, user, bucket or action',
        'aria-label': 'Search everything',
        // at once, not after the library's timer: keys pressed meanwhile are the palette's
        autoFocus: true,
      }}
    />
  );
}

/** Ctrl or ⌘ K, from within a field too, but not over a dialog that waits for an answer. */
function usePaletteShortcut(): void {
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      const command = event.ctrlKey || event.metaKey;
      if (!command || event.altKey || event.shiftKey || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      const inDialog = document.querySelector('[aria-modal="true"]') !== null;
      if (store.getState().opened || !inDialog) palette.toggle();
    };
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}

/**
 * Users and buckets arrive a moment after the words. The library then leaves its choice on whatever it
 * was on; Enter is to do the first thing on the list.
 */
function useFirstSelected(groups: readonly SpotlightActionGroupData[]): void {
  const ids = groups.flatMap(({ actions }) => actions.map(({ id }) => id)).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when other actions are on offer
  useEffect(() => {
    const { opened, listId } = store.getState();
    const actions = document.getElementById(listId)?.querySelectorAll('[data-action]') ?? [];
    if (!opened || actions.length === 0) return;
    for (const action of actions) action.removeAttribute('data-selected');
    actions[0]?.setAttribute('data-selected', 'true');
    store.updateState((state) => ({ ...state, selected: 0 }));
  }, [ids]);
}

const matches = (text: string, action: SpotlightActionData) => {
  const haystack =
    `${action.label} ${action.description ?? ''} ${String(action.keywords ?? '')}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => haystack.includes(word));
};

function filterActions(
  text: string,
  groups: SpotlightActionGroupData[],
): SpotlightActionGroupData[] {
  return groups
    .map(({ group, actions }) => ({
      group,
      // What was found by search matched in core already (also by id, which its label need not show).
      actions:
        group === 'Users' || group === 'Buckets'
          ? actions
          : actions.filter((action) => matches(text, action)),
    }))
    .filter(({ actions }) => actions.length > 0);
}

function usePageActions(current: Connection | null): SpotlightActionGroupData[] {
  const navigate = useNavigate();
  const { refresh } = useSync(current?.id ?? null);
  const pages: SpotlightActionData[] = current
    ? clusterPages.map(({ path, label, icon: Icon }) => ({
        id: `page-${path}`,
        label,
        leftSection: <Icon size={16} />,
        onClick: () => navigate(clusterPath(current.id, path)),
      }))
    : [];
  const console: SpotlightActionData[] = [
    {
      id: 'connections',
      label: 'Connections',
      leftSection: <IconPlugConnected size={16} />,
      onClick: () => navigate(connectionsPath),
    },
    {
      id: 'settings',
      label: 'Settings',
      leftSection: <IconSettings size={16} />,
      onClick: () => navigate(settingsPath),
    },
    {
      id: 'add',
      label: 'Add a cluster',
      keywords: 'new connection',
      leftSection: <IconPlugConnected size={16} />,
      onClick: () => navigate(newConnectionPath),
    },
  ];
  if (current) {
    console.push({
      id: 'refresh',
      label: 'Refresh from the gateway',
      leftSection: <IconRefresh size={16} />,
      onClick: refresh,
    });
  }
  return [{ group: 'Pages', actions: [...pages, ...console] }];
}

function useClusterActions(
  connections: readonly Connection[],
  current: Connection | null,
): SpotlightActionGroupData[] {
  const navigate = useNavigate();
  const others = connections.filter(({ id }) => id !== current?.id);
  if (others.length === 0) return [];
  return [
    {
      group: 'Clusters',
      actions: others.map((connection) => {
        const { icon: Icon, word } = environments[connection.environment];
        return {
          id: `cluster-${connection.id}`,
          label: connection.name,
          description: `${word} · ${connection.endpoint}`,
          leftSection: <Icon size={16} />,
          onClick: () => navigate(clusterPath(connection.id, 'overview')),
        };
      }),
    },
  ];
}

interface FoundTarget {
  target: Exclude<VerbTarget, null>;
  label: string;
  description: string;
}

/** Users and buckets of the cluster whose name or id holds the words. */
function useFound(current: Connection | null, query: string): FoundTarget[] {
  const [search] = useDebouncedValue(query.trim(), 120);
  const enabled = current !== null && search.length >= 2;
  const input = { connectionId: current?.id ?? 'none', search, offset: 0, limit: found };
  // What was found stays on offer while more words are asked about: Enter is not lost in between.
  const users = useCall('users.list', input, { enabled, keepPrevious: true });
  const buckets = useCall('buckets.list', input, { enabled, keepPrevious: true });
  if (!enabled) return [];
  const isOfOther = users.isPlaceholderData || buckets.isPlaceholderData || search !== query.trim();
  const holds = ({ label, description }: FoundTarget) =>
    `${label} ${description}`.toLowerCase().includes(query.trim().toLowerCase());
  const targets: FoundTarget[] = [
    ...(users.data?.rows ?? []).map(({ userId, email }) => ({
      target: { kind: 'user' as const, userId, email },
      label: email || userId,
      description: userId,
    })),
    ...(buckets.data?.rows ?? []).map(({ name, ownerEmail, ownerId }) => ({
      target: { kind: 'bucket' as const, name },
      label: name,
      description: `of ${ownerEmail || ownerId}`,
    })),
  ];
  return isOfOther ? targets.filter(holds) : targets;
}

function useFoundActions(current: Connection | null, query: string): SpotlightActionGroupData[] {
  const navigate = useNavigate();
  const targets = useFound(current, query);
  if (!current) return [];
  const actionsOf = (kind: 'user' | 'bucket') =>
    targets
      .filter(({ target }) => target.kind === kind)
      .map(({ target, label, description }) => ({
        id: `${kind}-${target.kind === 'user' ? target.userId : target.name}`,
        label,
        description,
        leftSection: kind === 'user' ? <IconUser size={16} /> : <IconBucket size={16} />,
        onClick: () =>
          navigate(
            target.kind === 'user'
              ? userPath(current.id, target.userId)
              : bucketPath(current.id, target.name),
          ),
      }));
  return [
    { group: 'Users', actions: actionsOf('user') },
    { group: 'Buckets', actions: actionsOf('bucket') },
  ].filter(({ actions }) => actions.length > 0);
}

/** Verbs: bare ones always; with a target, "disable user jo" finds the users first. */
function useVerbActions(current: Connection | null, query: string): SpotlightActionGroupData[] {
  const navigate = useNavigate();
  const words = query.trim().toLowerCase();
  const named = verbs.filter(
    ({ target, label }) => target !== 'cluster' && startsVerb(words, label),
  );
  const targets = useFound(named.length > 0 ? current : null, targetWords(words, named));
  if (!current) return [];
  const action = (verb: Verb, target: VerbTarget, name: string): SpotlightActionData => ({
    id: `verb-${verb.id}-${name}`,
    label: name === '' ? verb.label : `${verb.label} ${name}`,
    // What is aimed was found by the words already; the rest is found by its own.
    keywords: name === '' ? (verb.keywords ?? '') : words,
    leftSection: <verb.icon size={16} />,
    onClick: () => runVerb(verb, { target, cluster: current, navigate }),
  });
  const bare = verbs
    .filter(({ target }) => target === 'cluster')
    .map((verb) => action(verb, null, ''));
  const aimed = named.flatMap((verb) =>
    targets
      .filter(({ target }) => target.kind === verb.target)
      .map(({ target, label }) => action(verb, target, label)),
  );
  const actions = [...aimed, ...bare];
  return actions.length === 0 ? [] : [{ group: 'Actions', actions }];
}

function startsVerb(words: string, label: string): boolean {
  const verb = label.toLowerCase();
  return (
    words.length >= 3 &&
    (verb.startsWith(words) || words.startsWith(verb) || words.startsWith(`${verb.split(' ')[0]} `))
  );
}

function targetWords(words: string, named: readonly Verb[]): string {
  for (const { label } of named) {
    const verb = label.toLowerCase();
    if (words.startsWith(verb)) return words.slice(verb.length).trim();
  }
  const space = words.indexOf(' ');
  return space === -1 ? '' : words.slice(space + 1).trim();
}
