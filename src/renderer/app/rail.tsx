import { ActionIcon, Tooltip, UnstyledButton } from '@mantine/core';
import {
  IconBell,
  IconBookmark,
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  IconLogout,
  IconPlugConnected,
  IconSettings,
  type TablerIcon,
} from '@tabler/icons-react';
import { Fragment } from 'react';
import { NavLink } from 'react-router';
import { clusterPath, connectionsPath, morningPath, settingsPath } from '../kit/addresses.ts';
import type { Connection } from '../kit/cluster-context.tsx';
import { useSession } from '../kit/rpc/console-context.tsx';
import { usePreferences } from '../kit/stores/preferences.ts';
import { showFailure } from '../kit/use-action.ts';
import { useNarrow } from '../kit/use-narrow.ts';
import { useOpenView, useViews } from '../lists/list-page/saved-views.ts';
import { ClusterSwitcher } from './cluster-switcher.tsx';
import { clusterPages } from './pages.ts';
import classes from './rail.module.css';

/** The rail on the left: cluster switcher, the cluster's pages, Connections and Settings. */
export function Rail(props: { connections: readonly Connection[]; current: Connection | null }) {
  const { connections, current } = props;
  // a narrow or much enlarged window has no room for words next to its pages
  const narrow = useNarrow();
  const folded = usePreferences((preferences) => preferences.railFolded) || narrow;
  const set = usePreferences((preferences) => preferences.set);
  const fold = folded ? 'Unfold the rail' : 'Fold the rail';
  return (
    <nav className={classes.rail} data-folded={folded || undefined} aria-label="Pages">
      <ClusterSwitcher connections={connections} current={current} folded={folded} />
      <div className={classes.links}>
        {current &&
          clusterPages.map(({ path, label, icon }) => (
            <Fragment key={path}>
              <RailLink
                to={clusterPath(current.id, path)}
                label={label}
                icon={icon}
                folded={folded}
              />
              <RailViews connectionId={current.id} page={path} folded={folded} />
            </Fragment>
          ))}
      </div>
      <div className={classes.bottom}>
        <RailLink to={morningPath} label="All clusters" icon={IconBell} folded={folded} />
        <RailLink
          to={connectionsPath}
          label="Connections"
          icon={IconPlugConnected}
          folded={folded}
        />
        <RailLink to={settingsPath} label="Settings" icon={IconSettings} folded={folded} />
        <SignOut folded={folded} />
        {!narrow && (
          <div className={classes.fold}>
            <Tooltip label={fold} position="right">
              <ActionIcon aria-label={fold} onClick={() => set({ railFolded: !folded })}>
                {folded ? (
                  <IconLayoutSidebarLeftExpand size={17} stroke={1.6} />
                ) : (
                  <IconLayoutSidebarLeftCollapse size={17} stroke={1.6} />
                )}
              </ActionIcon>
            </Tooltip>
          </div>
        )}
      </div>
    </nav>
  );
}

function RailLink(props: { to: string; label: string; icon: TablerIcon; folded: boolean }) {
  const { to, label, icon: Icon, folded } = props;
  return (
    <Tooltip label={label} position="right" disabled={!folded}>
      <NavLink to={to} className={classes.link ?? ''} aria-label={folded ? label : undefined}>
        <Icon size={17} stroke={1.6} aria-hidden />
        {!folded && <span>{label}</span>}
      </NavLink>
    </Tooltip>
  );
}

/** The saved views of a page, under it. */
function RailViews(props: { connectionId: string; page: string; folded: boolean }) {
  const { connectionId, page, folded } = props;
  const { views, current } = useViews(connectionId);
  const open = useOpenView(connectionId);
  return views
    .filter((view) => view.page === page)
    .map((view) => (
      <Tooltip key={view.id} label={view.name} position="right" disabled={!folded}>
        <UnstyledButton
          className={`${classes.link} ${classes.view}`}
          aria-label={folded ? view.name : undefined}
          aria-current={view === current ? 'true' : undefined}
          onClick={() => open(view)}
        >
          {folded ? (
            <IconBookmark size={14} stroke={1.6} aria-hidden />
          ) : (
            <span className="oc-truncate">{view.name}</span>
          )}
        </UnstyledButton>
      </Tooltip>
    ));
}

/** Ends the session with the web shell. The desktop has none to end. */
function SignOut({ folded }: { folded: boolean }) {
  const session = useSession();
  if (!session) return null;
  const signOut = () => void session.signOut().catch(showFailure);
  return (
    <Tooltip label="Sign out" position="right" disabled={!folded}>
      <UnstyledButton className={classes.link ?? ''} aria-label="Sign out" onClick={signOut}>
        <IconLogout size={17} stroke={1.6} aria-hidden />
        {!folded && <span>Sign out</span>}
      </UnstyledButton>
    </Tooltip>
  );
}
