import { useCallback } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { clusterPath } from '../../kit/addresses.ts';
import {
  defaultColumnLayout,
  type SavedView,
  usePreferences,
} from '../../kit/stores/preferences.ts';

/** The page of a cluster and what stands after it in an address, without the row that is open. */
export function viewOf({ pathname, search }: { pathname: string; search: string }) {
  const page = pathname.split('/').slice(3).join('/');
  const parameters = new URLSearchParams(search);
  parameters.delete('open');
  return { page, query: parameters.toString() };
}

/** The views offered on a cluster, and the one that is on screen. */
export function useViews(connectionId: string) {
  const all = usePreferences(({ views }) => views);
  const location = useLocation();
  const { page, query } = viewOf(location);
  const views = all.filter((view) => (view.connectionId ?? connectionId) === connectionId);
  const current = views.find((view) => view.page === page && view.query === query) ?? null;
  return { views, current, page, query };
}

/** Opens a saved view on a cluster, with its columns. */
export function useOpenView(connectionId: string): (view: SavedView) => void {
  const navigate = useNavigate();
  const setColumns = usePreferences((preferences) => preferences.setColumns);
  return useCallback(
    ({ page, query, table, layout }) => {
      setColumns(`${connectionId}/${table}`, layout);
      navigate({ pathname: clusterPath(connectionId, page), search: query });
    },
    [connectionId, navigate, setColumns],
  );
}

/** Keeps a view: in the place of the one of its id, or as the last one. */
export function keepView(view: SavedView): void {
  const { views, set } = usePreferences.getState();
  const isThere = views.some(({ id }) => id === view.id);
  set({
    views: isThere ? views.map((one) => (one.id === view.id ? view : one)) : [...views, view],
  });
}

/** Forgets a view. */
export function forgetView(view: SavedView): void {
  const { views, set } = usePreferences.getState();
  set({ views: views.filter(({ id }) => id !== view.id) });
}

/** The columns of a list as they are now. */
export function layoutNow(connectionId: string, table: string) {
  return usePreferences.getState().columns[`${connectionId}/${table}`] ?? defaultColumnLayout;
}
