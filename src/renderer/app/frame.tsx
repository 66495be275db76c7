import { useWindowEvent } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { type ReactNode, Suspense, useEffect, useEffectEvent } from 'react';
import { Outlet, useLocation, useNavigate } from 'react-router';
import { DialogHost } from '../changes/dialog-host.tsx';
import {
  clusterPath,
  connectionsPath,
  morningPath,
  newChangesPath,
  planPath,
  settingsPath,
} from '../kit/addresses.ts';
import { ClusterProvider, type Connection } from '../kit/cluster-context.tsx';
import { useActingOnScreen } from '../kit/components/acting-cluster.tsx';
import { EnvironmentBand } from '../kit/components/environment-badge.tsx';
import {
  kindOf,
  leaveFile,
  type OpenedFile,
  readAnyFile,
} from '../kit/components/read-text-file.ts';
import { SectionsContext } from '../kit/detail/sections.tsx';
import { useFocusKeeper } from '../kit/focus-keeper.ts';
import classes from '../kit/frame.module.css';
import { useGoChord } from '../kit/shortcuts.ts';
import { ShortcutsHelp } from '../kit/shortcuts-help.tsx';
import { usePreferences } from '../kit/stores/preferences.ts';
import { useMenuKeys } from './menu-keys.ts';
import {
  DemoBanner,
  HeldBackBanner,
  Notices,
  OfflineBanner,
  PinAlarms,
  PlansBanner,
  SecretBanner,
} from './notices.tsx';
import { clusterPages } from './pages.ts';
import { CommandPalette } from './palette.tsx';
import { Rail } from './rail.tsx';
import { sections } from './sections.tsx';
import { TasksTray } from './tasks-tray.tsx';

/**
 * The frame around every page: environment band, rail, banner, tasks, palette, shortcuts.
 * @param props.current the cluster whose pages the rail leads to
 * @param props.onCluster whether the page itself is about it (not on Connections and Settings)
 */
export function Frame(props: {
  connections: readonly Connection[];
  current: Connection | null;
  onCluster: boolean;
}) {
  const { connections, current, onCluster } = props;
  const navigate = useNavigate();
  const folded = usePreferences((preferences) => preferences.railFolded);
  useFocusKeeper();
  useFileIntake(current?.id ?? null);
  useMenuKeys();
  useGoChord((key) => {
    if (key === 'c') return navigate(connectionsPath);
    if (key === 'a') return navigate(morningPath);
    if (key === ',') return navigate(settingsPath);
    const page = clusterPages.find(({ goKey }) => goKey === key);
    if (page && current) navigate(clusterPath(current.id, page.path));
  });
  useActingOnScreen();
  const page = (
    <>
      <Main>
        <Notices />
        <PinAlarms connections={connections} />
        {onCluster && current && <SecretBanner key={current.id} cluster={current} />}
        {onCluster && current && <OfflineBanner cluster={current} />}
        {onCluster && current && <HeldBackBanner cluster={current} />}
        {onCluster && current && <PlansBanner key={`plans-${current.id}`} cluster={current} />}
        {onCluster && current?.demo && <DemoBanner />}
        <Suspense>
          <Outlet />
        </Suspense>
      </Main>
      <TasksTray />
      <CommandPalette connections={connections} current={current} onCluster={onCluster} />
    </>
  );
  return (
    <div className={classes.window}>
      <EnvironmentBand environment={current?.environment ?? null} />
      <div className={classes.columns} data-folded={folded || undefined}>
        <Rail connections={connections} current={current} />
        {current && onCluster ? (
          <ClusterProvider connection={current}>
            <SectionsContext value={sections}>{page}</SectionsContext>
            <DialogHost />
          </ClusterProvider>
        ) : (
          page
        )}
        {current && !onCluster && (
          // what is fixed from the page about all clusters opens its dialog here
          <ClusterProvider connection={current}>
            <DialogHost />
          </ClusterProvider>
        )}
      </div>
      <ShortcutsHelp pages={clusterPages} />
    </div>
  );
}

/** Says which page is drawn: the address is ahead of it for a moment, in which the page before can be worked. */
function Main({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  return (
    <main className="oc-page" data-path={pathname}>
      {children}
    </main>
  );
}

/**
 * Opens change plans, tables and field packs that are dropped anywhere on the window, or opened from
 * outside the console, on the page that is for them.
 * @param connectionId of the cluster on screen
 */
function useFileIntake(connectionId: string | null): void {
  const navigate = useNavigate();
  const take = (file: OpenedFile) => {
    const kind = kindOf(file.name);
    if (kind === 'pack') {
      leaveFile(file);
      navigate(connectionsPath);
      return;
    }
    if (connectionId === null) {
      notifications.show({ color: 'red', title: file.name, message: 'Open a cluster first.' });
      return;
    }
    leaveFile(file);
    navigate(kind === 'plan' ? planPath(connectionId) : newChangesPath(connectionId));
  };
  useWindowEvent('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  });
  useWindowEvent('drop', async (event) => {
    const [dropped] = event.dataTransfer?.files ?? [];
    if (event.defaultPrevented || !dropped) return;
    event.preventDefault(); // the browser would show the file instead of the console
    const file = await readAnyFile(dropped);
    if (file) take(file);
  });
  const onFile = useEffectEvent(take);
  useEffect(
    () =>
      window.ostorConsole?.onFile(({ name, text }) => onFile({ name, text, encoding: 'UTF-8' })),
    [],
  );
}
