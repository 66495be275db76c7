import { useCallback } from 'react';
import { useLocation, useNavigate } from 'react-router';
import type { ColumnLayout, SavedView } from '#shared/contract/preferences.ts';
import { clusterPath } from '../../kit/addresses.ts';
import { defaultColumnLayout, usePreferences } from '../../kit/stores/preferences.ts';

/** The parameter of an address that names the view it was opened as. */
const viewParameter = 'view';

/** The page of a cluster and what is after it in an address, without the open row and view. */
function viewOf({ pathname, search }: { pathname: string; search: string }) {
  const page = pathname.split('/').slice(3).join('/');
  const parameters = new URLSearchParams(search);
  const opened = parameters.get(viewParameter);
  for (const name of ['open', viewParameter]) parameters.delete(name);
  return { page, query: parameters.toString(), opened };
}

/**
 * The views offered on a cluster, and the one that is open: filters and columns may have been changed
 * since it was opened.
 */
export function useViews(connectionId: string) {
  const all = usePreferences(({ views }) => views);
  const { page, query, opened } = viewOf(useLocation());
  const views = all.filter((view) => (view.connectionId ?? connectionId) === connectionId);
  const current = views.find((view) => view.page === page && view.id === opened) ?? null;
  return { views, current, page, query };
}

/** Opens a saved view on a cluster as it was saved. */
export function useOpenView(connectionId: string): (view: SavedView) => void {
  const navigate = useNavigate();
  return useCallback(
    (view) => {
      forgetLayout(draftKey(connectionId, view));
      const parameters = new URLSearchParams(view.query);
      parameters.set(viewParameter, view.id);
      navigate({ pathname: clusterPath(connectionId, view.page), search: parameters.toString() });
    },
    [connectionId, navigate],
  );
}

/** Saves a view: replaces the one with its id, or adds it at the end. */
export function keepView(view: SavedView): void {
  const { views, set } = usePreferences.getState();
  const isThere = views.some(({ id }) => id === view.id);
  set({
    views: isThere ? views.map((one) => (one.id === view.id ? view : one)) : [...views, view],
  });
}

/** Deletes a view, and columns that were changed while it was open. */
export function forgetView(view: SavedView): void {
  const { views, columns, set } = usePreferences.getState();
  set({ views: views.filter(({ id }) => id !== view.id) });
  for (const key of Object.keys(columns)) if (key.endsWith(`/${view.id}`)) forgetLayout(key);
}

/** Key of a list's columns as they were changed while a view is open; the operator's own stay as they are. */
const draftKey = (connectionId: string, { table, id }: SavedView): string =>
  `${connectionId}/${table}/view/${id}`;

function forgetLayout(key: string): void {
  const { columns, set } = usePreferences.getState();
  if (!(key in columns)) return;
  const { [key]: _forgotten, ...others } = columns;
  set({ columns: others });
}

/** Under which key the columns of a list are remembered, and how they are laid out before they are changed. */
export function useListLayout(
  connectionId: string,
  table: string,
): { key: string; base: ColumnLayout } {
  const { current } = useViews(connectionId);
  if (current?.table !== table)
    return { key: `${connectionId}/${table}`, base: defaultColumnLayout };
  return { key: draftKey(connectionId, current), base: current.layout };
}

/** Saves what is on screen as the view that is open. */
export function updateView(connectionId: string, view: SavedView, query: string): void {
  const key = draftKey(connectionId, view);
  const layout = usePreferences.getState().columns[key] ?? view.layout;
  keepView({ ...view, query, layout });
  forgetLayout(key);
}
