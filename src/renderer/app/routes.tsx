import { createHashRouter, Navigate, type RouteObject, useRouteError } from 'react-router';
import { toAppError } from '#shared/errors.ts';
import { ErrorPanel } from '../kit/components/error-panel.tsx';
import { BillingPage } from '../pages/connections/billing-page.tsx';
import { ConnectionPage } from '../pages/connections/connection-page.tsx';
import { ConnectionsPage } from '../pages/connections/connections-page.tsx';
import { CustomerFileSection } from '../pages/customers/customer-file-section.tsx';
import { MorningPage } from '../pages/morning/morning-page.tsx';
import { SettingsPage } from '../pages/settings/settings-page.tsx';
import { ArchivesSection } from '../pages/usage/archive/archive-of-cluster.tsx';
import classes from './layouts.module.css';
import { ClusterShell, ConsoleShell, Start, WithPreferences } from './layouts.tsx';
import { clusterPages } from './pages.ts';

export function consoleRoutes(): RouteObject[] {
  return [{ Component: WithPreferences, ErrorBoundary: PageFailed, children: pageRoutes() }];
}

function pageRoutes(): RouteObject[] {
  return [
    { index: true, Component: Start, ErrorBoundary: PageFailed },
    {
      path: 'c/:connectionId',
      Component: ClusterShell,
      ErrorBoundary: PageFailed,
      children: [
        { index: true, element: <Navigate to="overview" replace /> },
        ...clusterPages.map(({ path, Component, further }) => ({
          path,
          children: [
            { index: true, Component, ErrorBoundary: PageFailed },
            ...(further ?? []).map((page) => ({ ...page, ErrorBoundary: PageFailed })),
          ],
        })),
      ],
    },
    {
      Component: ConsoleShell,
      ErrorBoundary: PageFailed,
      children: [
        { path: 'morning', Component: MorningPage, ErrorBoundary: PageFailed },
        { path: 'connections', Component: ConnectionsPage, ErrorBoundary: PageFailed },
        { path: 'connections/:id', Component: ConnectionPage, ErrorBoundary: PageFailed },
        { path: 'connections/billing/:id', Component: BillingPage, ErrorBoundary: PageFailed },
        {
          path: 'settings',
          element: (
            <SettingsPage
              pages={clusterPages}
              archives={
                <>
                  <ArchivesSection />
                  <CustomerFileSection />
                </>
              }
            />
          ),
          ErrorBoundary: PageFailed,
        },
      ],
    },
    { path: '*', element: <Navigate to="/" replace /> },
  ];
}

/** The router over the address's fragment, which both shells serve alike. */
export function createRouter() {
  return createHashRouter(consoleRoutes());
}

/** Shown in place of a page that failed to render; the rail stays usable. */
function PageFailed() {
  const error = toAppError(useRouteError());
  return (
    <div className={classes.whole}>
      <ErrorPanel
        title="This page could not be shown"
        error={error}
        onRetry={() => window.location.reload()}
      />
    </div>
  );
}
