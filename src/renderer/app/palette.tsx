import { useWindowEvent } from '@mantine/hooks';
import { createSpotlight, Spotlight, useSpotlight } from '@mantine/spotlight';
import { IconBolt, IconHistory, IconSearch } from '@tabler/icons-react';
import {
  type FocusEvent,
  type KeyboardEvent as Pressed,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { useNavigate } from 'react-router';
import type { Recent } from '#shared/contract/preferences.ts';
import type { Connection } from '../kit/cluster-context.tsx';
import { isKey } from '../kit/shortcuts.ts';
import { useActionsOnScreen } from '../kit/stores/on-screen.ts';
import { usePreferences } from '../kit/stores/preferences.ts';
import classes from './palette.module.css';
import { buttonEntries, useButtonsOnScreen } from './palette-buttons.tsx';
import {
  useClusterActions,
  useClusterEntries,
  useConsoleEntries,
  usePageEntries,
  useViewEntries,
} from './palette-console.tsx';
import { groups, type PaletteEntry } from './palette-entry.ts';
import { abbreviated, ranked } from './palette-match.ts';
import {
  isAimed,
  mostSearched,
  useAimedEntries,
  useCustomerEntries,
  useFoundEntries,
} from './palette-targets.tsx';

/** Buttons of the page that are shown at once; a list of signals has thousands. */
const mostButtons = 100;

/** How many recent entries are kept and shown. */
const recentKept = 8;

const [store, controls] = createSpotlight();

export const palette = controls;

interface PaletteProps {
  connections: readonly Connection[];
  /** The cluster whose pages the rail leads to. */
  current: Connection | null;
  /** Whether it is on screen. Elsewhere every cluster is searched, and actions on a cluster are not offered. */
  onCluster: boolean;
}

/** Ctrl K: whatever is on screen, pages, clusters, users, buckets, keys, customers, and every verb. */
export function CommandPalette(props: PaletteProps) {
  const [query, setQuery] = useState('');
  const { opened } = useSpotlight(store);
  const enter = useRef<EarlyEnter>({ isEarly: false, wasPressed: false });
  usePaletteShortcut();
  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      // keys pressed while it opens or closes have one meaning
      transitionProps={{ duration: 0 }}
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      attributes={{ content: { 'aria-label': 'Command palette' } }}
      scrollable
      maxHeight={440}
    >
      <Spotlight.Search
        leftSection={<IconSearch size={16} />}
        placeholder="Page, cluster, user, bucket, key, customer or action"
        aria-label="Search everything"
        // at once, not after the library's timer: keys pressed meanwhile are the palette's
        autoFocus
        onBlur={keepFocus}
        onInput={() => {
          enter.current.wasPressed = false;
        }}
        onKeyDownCapture={(event) => keepEarlyEnter(event, enter.current)}
      />
      {opened && <Entries {...props} query={query} ask={setQuery} enter={enter.current} />}
    </Spotlight.Root>
  );
}

/** What closes as the palette opens gives the focus back to its button: what is typed is the palette's. */
function keepFocus({ currentTarget, relatedTarget }: FocusEvent<HTMLInputElement>): void {
  const isInside = currentTarget.closest('[role="dialog"]')?.contains(relatedTarget) ?? false;
  if (store.getState().opened && !isInside) currentTarget.focus();
}

/** Enter pressed before the search has answered: it runs once the entry is there. */
interface EarlyEnter {
  isEarly: boolean;
  wasPressed: boolean;
}

function keepEarlyEnter(event: Pressed, enter: EarlyEnter): void {
  // whoever goes to an entry means that one
  if (event.key.startsWith('Arrow')) enter.isEarly = false;
  if (event.key !== 'Enter' || event.nativeEvent.isComposing || !enter.isEarly) return;
  event.preventDefault();
  event.stopPropagation();
  enter.wasPressed = true;
}

interface EntriesProps extends PaletteProps {
  query: string;
  ask(words: string): void;
  enter: EarlyEnter;
}

function Entries(props: EntriesProps) {
  const { query, enter } = props;
  const { shown, isFinal } = useGroups(props);
  const note = useNoteRecent();
  useFirstSelected(shown);
  useLayoutEffect(() => {
    enter.isEarly = !isFinal;
    if (!isFinal || !enter.wasPressed) return;
    enter.wasPressed = false;
    const { listId } = store.getState();
    document.getElementById(listId)?.querySelector<HTMLElement>('[data-selected]')?.click();
  });
  useEffect(() => {
    return () => void Object.assign(enter, { isEarly: false, wasPressed: false });
  }, [enter]);
  return (
    <Spotlight.ActionsList>
      {shown.map(({ group, entries }) => (
        <Spotlight.ActionsGroup key={group} label={group} className={classes.group ?? ''}>
          {entries.map((entry) => (
            <Spotlight.Action
              key={entry.id}
              label={entry.label}
              {...(entry.description === undefined ? {} : { description: entry.description })}
              leftSection={entry.icon}
              highlightQuery
              highlightColor="teal"
              closeSpotlightOnTrigger={entry.asksMore !== true}
              onClick={() => {
                if (entry.asksMore !== true) note(entry);
                entry.run();
              }}
            />
          ))}
        </Spotlight.ActionsGroup>
      ))}
      {shown.length === 0 && query.trim() !== '' && (
        <Spotlight.Empty>
          {props.onCluster || props.connections.length <= mostSearched
            ? 'No results'
            : `No results on the ${mostSearched} clusters used last`}
        </Spotlight.Empty>
      )}
    </Spotlight.ActionsList>
  );
}

interface Group {
  group: PaletteEntry['group'];
  entries: PaletteEntry[];
}

/**
 * What the words mean, by group; without words, what is available.
 * @returns the groups, and whether the first entry stays the first: nothing better is still searched for
 */
function useGroups(props: Omit<EntriesProps, 'enter'>): { shown: Group[]; isFinal: boolean } {
  const { connections, current, onCluster, query, ask } = props;
  const here = onCluster ? current : null;
  const searched = useSearched(connections, here);
  const known = [
    ...useScreenEntries(),
    ...useClusterActions(here),
    ...useViewEntries(here),
    ...usePageEntries(current, onCluster),
    ...useClusterEntries(connections, here),
    ...useConsoleEntries(connections),
  ];
  const own = [...known, ...buttonEntries(useButtonsOnScreen(), known)];
  const recent = useRecentEntries(own);
  const aimed = useAimedEntries(here, query, ask);
  const targets = useFoundEntries(searched, query, onCluster);
  const found = [...aimed, ...targets.entries, ...useCustomerEntries(current, query)];
  const words = query.trim();
  const isNew = ({ group, label }: PaletteEntry, _place: number, all: readonly PaletteEntry[]) => {
    const same = group === 'Actions' ? 'On screen' : group === 'On this page' ? 'Actions' : null;
    return !all.some((other) => other.group === same && other.label === label);
  };
  if (words === '') return { shown: grouped([...recent, ...own.filter(isNew)]), isFinal: true };
  const meant = [...ranked(own, words), ...found].filter(isNew);
  if (meant.length === 0 && targets.isFinal) {
    return { shown: grouped(abbreviated(own, words).filter(isNew)), isFinal: true };
  }
  const begun = begunBy(meant, words.toLowerCase());
  const isFinal = begun !== undefined || targets.isFinal;
  return { shown: grouped(meant, begun?.group), isFinal };
}

/**
 * The entry that begins as the words do. A button of the page is one where it is called what was typed,
 * to its last word, and nothing that is open is meant.
 */
function begunBy(meant: readonly PaletteEntry[], words: string): PaletteEntry | undefined {
  const begins = ({ label }: PaletteEntry): boolean => label.toLowerCase().startsWith(words);
  const begun = meant.find((entry) => entry.group !== 'On this page' && begins(entry));
  if (begun || meant.some(({ group }) => group === 'On screen')) return begun;
  return meant.find(
    ({ group, label }) =>
      group === 'On this page' && `${label.toLowerCase()} `.startsWith(`${words} `),
  );
}

/** The clusters that are searched: the one on screen, else those that were used last. */
function useSearched(
  connections: readonly Connection[],
  here: Connection | null,
): readonly Connection[] {
  const recentIds = usePreferences((preferences) => preferences.recentConnectionIds);
  if (here) return [here];
  const used = recentIds.flatMap((id) => connections.find((one) => one.id === id) ?? []);
  const others = connections.filter((one) => !used.includes(one));
  return [...used, ...others].slice(0, mostSearched);
}

/** @param first the group that comes first, of an entry that begins as the words do */
function grouped(entries: readonly PaletteEntry[], first?: Group['group']): Group[] {
  const order = first === undefined ? groups : [first, ...groups.filter((one) => one !== first)];
  return order
    .map((group) => {
      const of = entries.filter((entry) => entry.group === group);
      return { group, entries: group === 'On this page' ? of.slice(0, mostButtons) : of };
    })
    .filter((one) => one.entries.length > 0);
}

/** What can be done to the item that is open, to the rows that are selected, and to the row that keys act on. */
function useScreenEntries(): PaletteEntry[] {
  return useActionsOnScreen().map(({ id, label, button, keywords, ofRow, reason, start }) => ({
    id: `screen-${id}`,
    group: ofRow ? 'On this page' : 'On screen',
    label,
    button,
    keywords,
    icon: <IconBolt size={16} />,
    ...(reason === null ? {} : { description: reason, asksMore: true }),
    run: () => reason === null && start(),
  }));
}

const recentIcon = <IconHistory size={16} />;

function useRecentEntries(own: readonly PaletteEntry[]): PaletteEntry[] {
  const navigate = useNavigate();
  const recent = usePreferences((preferences) => preferences.recent);
  return recent.flatMap(({ id, label, description, path }): PaletteEntry[] => {
    const common = { id: `recent-${id}`, group: 'Recent' as const, label, icon: recentIcon };
    const more = description === undefined ? {} : { description };
    if (path !== undefined) return [{ ...common, ...more, path, run: () => void navigate(path) }];
    const again = own.find((entry) => entry.id === id && entry.group !== 'On screen');
    return again ? [{ ...again, ...common }] : [];
  });
}

/** Remembers entries that were run, except actions on one item. */
function useNoteRecent(): (entry: PaletteEntry) => void {
  const { recent, set } = usePreferences();
  return ({ id, group, label, description, path }) => {
    if (group === 'On screen' || group === 'On this page' || isAimed(id)) return;
    const noted: Recent = {
      id: id.replace(/^recent-/, ''),
      label,
      ...(description === undefined ? {} : { description }),
      ...(path === undefined ? {} : { path }),
    };
    const others = recent.filter((one) => one.id !== noted.id);
    set({ recent: [noted, ...others].slice(0, recentKept) });
  };
}

/** Ctrl or ⌘ K, from within a field too, but not over a dialog that waits for an answer. */
function usePaletteShortcut(): void {
  useWindowEvent('keydown', (event) => {
    const command = event.ctrlKey || event.metaKey;
    if (!command || event.altKey || event.shiftKey || !isKey(event, 'k')) return;
    event.preventDefault();
    const inDialog = document.querySelector('[aria-modal="true"]') !== null;
    if (store.getState().opened || !inDialog) palette.toggle();
  });
}

/**
 * Users and buckets arrive a moment after the words. The library then leaves its choice on whatever it
 * was on; Enter is to do the first thing on the list.
 */
function useFirstSelected(shown: readonly Group[]): void {
  const ids = shown.flatMap(({ entries }) => entries.map(({ id }) => id)).join(' ');
  // with the entries themselves, so that no Enter falls between
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when other entries are on offer
  useLayoutEffect(() => {
    const { opened, listId } = store.getState();
    const actions = document.getElementById(listId)?.querySelectorAll('[data-action]') ?? [];
    if (!opened || actions.length === 0) return;
    for (const action of actions) action.removeAttribute('data-selected');
    actions[0]?.setAttribute('data-selected', 'true');
    store.updateState((state) => ({ ...state, selected: 0 }));
  }, [ids]);
}
