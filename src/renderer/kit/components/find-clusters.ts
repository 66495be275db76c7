import { compareNames } from '#shared/collation-key.ts';
import type { Connection } from '../cluster-context.tsx';
import { endpointHost } from './format.ts';

/** The clusters that typed words mean, the one of exactly that name first, then those that begin so. */
export function clustersFor(
  words: string,
  connections: readonly Connection[],
): readonly Connection[] {
  const wanted = words.trim().toLowerCase();
  if (wanted === '') return connections;
  const rank = ({ name, endpoint, group = '' }: Connection) => {
    const text = name.toLowerCase();
    if (text === wanted) return 0;
    if (text.startsWith(wanted)) return 1;
    if (text.includes(wanted)) return 2;
    if (group.toLowerCase().includes(wanted)) return 3;
    return endpointHost(endpoint).toLowerCase().includes(wanted) ? 4 : 5;
  };
  return connections.filter((one) => rank(one) < 5).toSorted((a, b) => rank(a) - rank(b));
}

/** Connections by their folder, folders by name; those in none last, under an empty name. */
export function byFolder(
  connections: readonly Connection[],
): [folder: string, connections: Connection[]][] {
  const folders = Object.entries(Object.groupBy(connections, ({ group = '' }) => group));
  return folders
    .flatMap(([folder, members]) => (members ? [[folder, members] as [string, Connection[]]] : []))
    .toSorted(([a], [b]) => (a === '' || b === '' ? b.length - a.length : compareNames(a, b)));
}

/** From this many on, the clusters used last are listed apart. */
const manyClusters = 8;

/** Returns what the switcher lists, under a title each; every cluster once. */
export function switcherSections(
  connections: readonly Connection[],
  recentIds: readonly string[],
): [title: string, connections: readonly Connection[]][] {
  const favourites = connections.filter(({ favourite }) => favourite);
  const others = connections.filter(({ favourite }) => !favourite);
  const recent =
    connections.length < manyClusters
      ? []
      : recentIds.flatMap((id) => others.find((one) => one.id === id) ?? []).slice(0, 5);
  const rest = byFolder(others.filter((one) => !recent.includes(one)));
  const sections: [string, readonly Connection[]][] = [
    ['Favourites', favourites],
    ['Recent', recent],
    ...rest.map(([folder, members]) => [folder || 'Clusters', members] as [string, Connection[]]),
  ];
  return sections.filter(([, members]) => members.length > 0);
}
