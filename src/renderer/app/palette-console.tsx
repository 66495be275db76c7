import {
  IconAdjustments,
  IconArrowsShuffle,
  IconBell,
  IconBookmark,
  IconChartBar,
  IconClipboardList,
  IconCloudDownload,
  IconDatabaseCog,
  IconFileImport,
  IconKeyboard,
  IconLock,
  IconLockOpen,
  IconLogout,
  IconPlugConnected,
  IconRefresh,
  IconSettings,
  IconShieldLock,
  IconTablePlus,
  IconUserPlus,
  type TablerIcon,
} from '@tabler/icons-react';
import { useLocation, useNavigate } from 'react-router';
import { openThresholds } from '../changes/attention/thresholds-dialog.tsx';
import { editQuotaOf } from '../changes/limits/edit-when-read.tsx';
import { openCreateUser } from '../changes/users/create-user.tsx';
import {
  billingPath,
  type ConnectionsState,
  changesPath,
  clusterPath,
  connectionPath,
  connectionsPath,
  morningPath,
  newChangesPath,
  newConnectionPath,
  planPath,
  plansPath,
  settingsPath,
} from '../kit/addresses.ts';
import type { Connection } from '../kit/cluster-context.tsx';
import { environments } from '../kit/components/environment-badge.tsx';
import { useConsole, useSession } from '../kit/rpc/console-context.tsx';
import { useShortcutsHelp } from '../kit/shortcuts-help.tsx';
import { type Preferences, usePreferences } from '../kit/stores/preferences.ts';
import { useRefreshAll, useSync } from '../kit/use-sync.ts';
import { useOpenView, useViews } from '../lists/list-page/saved-views.ts';
import { onSamePage } from './cluster-switcher.tsx';
import { clusterPages } from './pages.ts';
import type { PaletteEntry } from './palette-entry.ts';

const entriesOf =
  (group: PaletteEntry['group']) =>
  (
    id: string,
    [label, keywords]: readonly [label: string, keywords?: string],
    Icon: TablerIcon,
    run: () => unknown,
  ): PaletteEntry => ({
    id,
    group,
    label,
    keywords,
    icon: <Icon size={16} />,
    run: () => void run(),
  });

const page = entriesOf('Pages');
const cluster = entriesOf('Clusters');
const action = entriesOf('Actions');
const own = entriesOf('This console');

/**
 * The pages of a cluster, parts of pages too.
 * @param onCluster false: it is not the one on screen, and each entry names it
 */
export function usePageEntries(current: Connection | null, onCluster: boolean): PaletteEntry[] {
  const navigate = useNavigate();
  if (!current) return [];
  const entries = clusterPages.flatMap(({ path, label, icon, further = [] }) => {
    const to = (part: string) => () => navigate(clusterPath(current.id, part));
    const parts = further.flatMap((part) =>
      part.label === undefined
        ? []
        : [
            page(
              `page-${path}/${part.path}`,
              [part.label, label],
              icon,
              to(`${path}/${part.path}`),
            ),
          ],
    );
    return [page(`page-${path}`, [label], icon, to(path)), ...parts];
  });
  return onCluster ? entries : entries.map((one) => ({ ...one, description: current.name }));
}

/** The saved views of the cluster on screen. */
export function useViewEntries(current: Connection | null): PaletteEntry[] {
  const { views } = useViews(current?.id ?? '');
  const open = useOpenView(current?.id ?? '');
  if (!current) return [];
  return views.map((view) =>
    page(`view-${view.id}`, [view.name, `view ${view.page}`], IconBookmark, () => open(view)),
  );
}

/** The other clusters: each opens on the page that is open. */
export function useClusterEntries(
  connections: readonly Connection[],
  current: Connection | null,
): PaletteEntry[] {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  return connections
    .filter(({ id }) => id !== current?.id)
    .map(({ id, name, endpoint, environment }) => {
      const { icon, word } = environments[environment];
      const open = () => navigate(onSamePage(pathname, id));
      return {
        ...cluster(`cluster-${id}`, [name, `${word} ${endpoint}`], icon, open),
        description: `${word} · ${endpoint}`,
      };
    });
}

/** Returns what can be done to the cluster on screen as a whole. Adding a verb is one entry here. */
export function useClusterActions(current: Connection | null): PaletteEntry[] {
  const navigate = useNavigate();
  const { refresh } = useSync(current?.id ?? null);
  const call = useConsole();
  if (!current) return [];
  const { id } = current;
  const open = (path: string) => () => navigate(path);
  const usage = (part: string) => clusterPath(id, `usage${part}`);
  const locks =
    current.environment !== 'production' || current.readOnly
      ? []
      : [
          current.unlockedUntil === undefined
            ? action(
                'unlock',
                ['Unlock changes for 15 minutes', 'production writes'],
                IconLockOpen,
                () => call('connections.unlock', { id, minutes: 15 }),
              )
            : action('lock', ['Lock changes now', 'production writes'], IconLock, () =>
                call('connections.lock', { id }),
              ),
        ];
  return [
    action('users.create', ['Create user', 'new add tenant'], IconUserPlus, () => openCreateUser()),
    action('refresh', ['Refresh from the gateway', 'reload update'], IconRefresh, refresh),
    action(
      'signals.thresholds',
      ['Thresholds of signals', 'attention alerts warn from'],
      IconBell,
      () => openThresholds(),
    ),
    action(
      'quotas.default-user',
      ['Set default quota of every user', 'size limit gigabytes'],
      IconDatabaseCog,
      () => editQuotaOf({ default: 'user' }),
    ),
    action(
      'quotas.default-bucket',
      ['Set default quota of every bucket', 'size limit gigabytes'],
      IconDatabaseCog,
      () => editQuotaOf({ default: 'bucket' }),
    ),
    action(
      'changes.new',
      ['Change many users from a table or a filter', 'bulk csv paste import mass'],
      IconTablePlus,
      open(newChangesPath(id)),
    ),
    action(
      'plans.list',
      ['Change plans', 'plans offline add to plan apply compare drift'],
      IconClipboardList,
      open(plansPath(id)),
    ),
    action(
      'changes.plan',
      ['Open a change plan', 'bulk file apply drift'],
      IconFileImport,
      open(planPath(id)),
    ),
    action(
      'changes.runs',
      ['Earlier bulk changes', 'runs resume retry reverse'],
      IconArrowsShuffle,
      open(changesPath(id)),
    ),
    action(
      'usage.collect',
      ['Collect usage statistics', 'fetch archive billing'],
      IconCloudDownload,
      open(usage('/collection')),
    ),
    action(
      'usage.lastMonth',
      ['Show who used most last month', 'usage traffic heaviest report'],
      IconChartBar,
      open(usage('?period=last-month')),
    ),
    ...locks,
    action(
      'connection',
      ['Edit this connection', 'test endpoint certificate proxy pin guards key'],
      IconPlugConnected,
      open(connectionPath(id)),
    ),
  ];
}

/** Entries that switch a preference; hidden where it is set already. */
const switches: readonly [label: string, keywords: string, to: Partial<Preferences>][] = [
  ['Dark theme', 'appearance colours night', { theme: 'dark' }],
  ['Light theme', 'appearance colours day', { theme: 'light' }],
  ['Theme of the system', 'appearance colours automatic', { theme: 'auto' }],
  ['Compact rows', 'density appearance', { density: 'compact' }],
  ['Comfortable rows', 'density appearance', { density: 'comfortable' }],
  ['Times in UTC', 'clock zone', { clock: 'utc' }],
  ['Times in local time', 'clock zone', { clock: 'local' }],
  ['Fold the navigation', 'rail sidebar', { railFolded: true }],
  ['Unfold the navigation', 'rail sidebar', { railFolded: false }],
];

/** Returns what belongs to the console itself: connections, settings, the session. */
export function useConsoleEntries(connections: readonly Connection[]): PaletteEntry[] {
  const navigate = useNavigate();
  const call = useConsole();
  const session = useSession();
  const preferences = usePreferences();
  const setHelp = useShortcutsHelp(({ set }) => set);
  const open = (path: string) => () => navigate(path);
  const refreshAll = useRefreshAll();
  const isSet = (to: Partial<Preferences>) =>
    Object.entries(to).every(([name, value]) => preferences[name as keyof Preferences] === value);
  return [
    own(
      'morning',
      ['All clusters', 'signals attention alerts morning overview'],
      IconBell,
      open(morningPath),
    ),
    own(
      'connections',
      ['Connections', 'clusters systems'],
      IconPlugConnected,
      open(connectionsPath),
    ),
    own(
      'settings',
      ['Settings', 'preferences letterhead archives backup auto-refresh storage'],
      IconSettings,
      open(settingsPath),
    ),
    own('add', ['Add a cluster', 'new connection'], IconPlugConnected, open(newConnectionPath)),
    own(
      'open-pack',
      ['Open field pack', 'zip file cluster other workstation offline import'],
      IconFileImport,
      () => navigate(connectionsPath, { state: { openPack: true } satisfies ConnectionsState }),
    ),
    own(
      'add-billing',
      ['Add a billing system', 'new connection whmcs customers file'],
      IconPlugConnected,
      open(billingPath('new')),
    ),
    own(
      'secure',
      ['Lock the console', 'leave desk hide secrets lock all clusters'],
      IconShieldLock,
      () => call('app.secure', {}),
    ),
    own('refresh-all', ['Refresh all clusters', 'reload update every'], IconRefresh, () =>
      refreshAll(connections),
    ),
    ...switches
      .filter(([, , to]) => !isSet(to))
      .map(([label, keywords, to]) =>
        own(`switch-${label}`, [label, keywords], IconAdjustments, () => preferences.set(to)),
      ),
    own('shortcuts', ['Keyboard shortcuts', 'keys help'], IconKeyboard, () => setHelp(true)),
    ...(session
      ? [own('sign-out', ['Sign out', 'end session leave'], IconLogout, session.signOut)]
      : []),
  ];
}
