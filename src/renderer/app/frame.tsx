import { Suspense } from 'react';
import { Outlet, useNavigate } from 'react-router';
import { DialogHost } from '../changes/dialog-host.tsx';
import { clusterPath, connectionsPath, settingsPath } from '../kit/addresses.ts';
import { ClusterProvider, type Connection } from '../kit/cluster-context.tsx';
import { ActingOnScreen } from '../kit/components/acting-cluster.tsx';
import { EnvironmentBand } from '../kit/components/environment-badge.tsx';
import { SectionsContext } from '../kit/detail/sections.tsx';
import { useFocusKeeper } from '../kit/focus-keeper.ts';
import classes from '../kit/frame.module.css';
import { useGoChord } from '../kit/shortcuts.ts';
import { ShortcutsHelp } from '../kit/shortcuts-help.tsx';
import { usePreferences } from '../kit/stores/preferences.ts';
import { DemoBanner } from './demo-banner.tsx';
import { useFileIntake } from './file-intake.ts';
import { useMenuTyping } from './menu-typing.ts';
import { Notices } from './notices.tsx';
import { HeldBackBanner, OfflineBanner } from './offline-banner.tsx';
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
  useMenuTyping();
  useGoChord((key) => {
    if (key === 'c') return navigate(connectionsPath);
    if (key === ',') return navigate(settingsPath);
    const page = clusterPages.find(({ goKey }) => goKey === key);
    if (page && current) navigate(clusterPath(current.id, page.path));
  });
  const page = (
    <>
      <main className={classes.main}>
        <Notices />
        {onCluster && current && <OfflineBanner cluster={current} />}
        {onCluster && current && <HeldBackBanner cluster={current} />}
        {onCluster && current?.demo && <DemoBanner />}
        <Suspense>
          <Outlet />
        </Suspense>
      </main>
      <TasksTray />
      <CommandPalette connections={connections} current={current} />
    </>
  );
  return (
    <ActingOnScreen className={classes.window ?? ''}>
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
      </div>
      <ShortcutsHelp pages={clusterPages} />
    </ActingOnScreen>
  );
}
