import { Combobox, UnstyledButton, useCombobox } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { IconCheck, IconPlus, IconSelector } from '@tabler/icons-react';
import { useEffect, useId, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { travelsInClear } from '#shared/plain-http.ts';
import { clusterPath, newConnectionPath } from '../kit/addresses.ts';
import type { Connection } from '../kit/cluster-context.tsx';
import {
  EnvironmentBadge,
  environments,
  PlainHttpBadge,
} from '../kit/components/environment-badge.tsx';
import { clustersFor, switcherSections } from '../kit/components/find-clusters.ts';
import { endpointHost } from '../kit/components/format.ts';
import { typed } from '../kit/components/typed.ts';
import { useCall } from '../kit/rpc/use-call.ts';
import { isBusyWithKeys } from '../kit/shortcuts.ts';
import { usePreferences } from '../kit/stores/preferences.ts';
import classes from './rail.module.css';

const stateWords = {
  online: 'Online',
  failing: 'Gateway errors',
  offline: 'Offline',
  never: 'Not read yet',
} as const;

/** What a cluster was when it was last asked; nothing was, or can be, where its secret is not here. */
function ClusterState({ connection }: { connection: Connection }) {
  const { id: connectionId, hasCredential, fieldPack } = connection;
  const status = useCall('sync.status', { connectionId }).data;
  const state = status?.state ?? 'never';
  if (!hasCredential && !fieldPack) return <span className={classes.dot}>No secret key</span>;
  return (
    <span className={classes.dot} data-state={state}>
      {status ? stateWords[state] : '…'}
    </span>
  );
}

/** The address of another cluster on the page that is open: its list, where an entry is. */
export function onSamePage(pathname: string, connectionId: string): string {
  const [, scope, , page = 'overview', part] = pathname.split('/');
  if (scope !== 'c') return clusterPath(connectionId, 'overview');
  return clusterPath(connectionId, page === 'usage' && part ? `${page}/${part}` : page);
}

/** Names the cluster on screen and leads to the others; what is typed finds them. */
export function ClusterSwitcher(props: {
  connections: readonly Connection[];
  current: Connection | null;
  folded: boolean;
}) {
  const { connections, current, folded } = props;
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const open = ({ id }: Connection) => navigate(onSamePage(pathname, id));
  useClusterKeys(connections, open);
  const [words, setWords] = useState('');
  const listId = useId();
  const box = useCombobox({
    onDropdownOpen: () => box.focusSearchInput(),
    onDropdownClose: () => setWords(''),
  });
  const recentIds = usePreferences((preferences) => preferences.recentConnectionIds);
  const found = clustersFor(words, connections);
  const isNarrowed = words.trim() !== '' && found.length > 0;
  const sections: ReturnType<typeof switcherSections> = isNarrowed
    ? [['Clusters', found]]
    : switcherSections(found, recentIds);
  const { selectFirstOption, resetSelectedOption } = box;
  // Enter opens the first cluster that the typed words find
  // biome-ignore lint/correctness/useExhaustiveDependencies: other words have another first one
  useEffect(() => {
    if (isNarrowed) selectFirstOption();
    else resetSelectedOption();
  }, [words, isNarrowed, selectFirstOption, resetSelectedOption]);
  const submit = (id: string) => {
    box.closeDropdown();
    const connection = connections.find((one) => one.id === id);
    if (connection) open(connection);
    else navigate(newConnectionPath);
  };
  const Icon = current ? environments[current.environment].icon : IconPlus;
  return (
    <Combobox
      store={box}
      onOptionSubmit={submit}
      keepMounted={false}
      position={folded ? 'right-start' : 'bottom-start'}
      width={320}
      offset={4}
    >
      <Combobox.Target targetType="button">
        <UnstyledButton
          className={classes.switcher}
          // unfolded, what it shows is its name
          aria-label={folded || !current ? (current?.name ?? 'Select a cluster') : undefined}
          aria-description="Switch to another cluster"
          data-hint={current ? `${current.name}, ${current.endpoint}` : 'Select a cluster'}
          onClick={() => box.toggleDropdown()}
        >
          {folded ? (
            <Icon size={19} stroke={1.6} aria-hidden />
          ) : (
            <>
              <CurrentCluster current={current} />
              <IconSelector size={16} stroke={1.6} className="oc-dimmed" aria-hidden />
            </>
          )}
        </UnstyledButton>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-label="Find a cluster"
          placeholder="Find a cluster"
          {...typed(words, setWords)}
          spellCheck={false}
          onBlur={() => box.closeDropdown()}
        />
        {found.length === 0 && <Combobox.Empty>No results</Combobox.Empty>}
        <Combobox.Options id={listId} aria-label="Clusters" mah={420} style={{ overflowY: 'auto' }}>
          {sections.map(([title, members]) => (
            <Combobox.Group key={title} label={title}>
              {members.map((connection) => (
                <Cluster key={connection.id} {...{ connection, current }} />
              ))}
            </Combobox.Group>
          ))}
          <Combobox.Option value="" className={classes.entry}>
            <IconPlus size={14} aria-hidden />
            Add a cluster
          </Combobox.Option>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

/** A cluster that can be switched to. */
function Cluster({ connection, current }: { connection: Connection; current: Connection | null }) {
  const isCurrent = connection.id === current?.id;
  return (
    <Combobox.Option
      value={connection.id}
      className={classes.entry}
      active={isCurrent}
      aria-selected={isCurrent}
    >
      <span className={classes.option}>
        <span className="oc-truncate">{connection.name}</span>
        <span className="oc-caption oc-truncate">{endpointHost(connection.endpoint)}</span>
        <span className={classes.clusterFacts}>
          <EnvironmentBadge environment={connection.environment} />
          <ClusterState connection={connection} />
        </span>
      </span>
      {isCurrent && <IconCheck size={14} aria-hidden />}
    </Combobox.Option>
  );
}

/** Ctrl (⌘ on a Mac) and a digit open the first to the ninth cluster. */
function useClusterKeys(
  connections: readonly Connection[],
  open: (connection: Connection) => void,
): void {
  useWindowEvent('keydown', (event) => {
    if (event.ctrlKey === event.metaKey || event.altKey || event.shiftKey) return;
    // the key's place: digits need Shift on some layouts
    const place = /^Digit([1-9])$/.exec(event.code)?.[1];
    const connection = place === undefined ? undefined : connections[Number(place) - 1];
    if (!connection || event.defaultPrevented || isBusyWithKeys(event)) return;
    event.preventDefault();
    open(connection);
  });
}

function CurrentCluster({ current }: { current: Connection | null }) {
  if (!current) return <span className={classes.cluster}>Select a cluster</span>;
  return (
    <span className={classes.cluster}>
      <span className="oc-strong oc-truncate" style={{ display: 'block' }}>
        {current.name}
      </span>
      <span className={`${classes.clusterHost} oc-truncate`} style={{ display: 'block' }}>
        {endpointHost(current.endpoint)}
      </span>
      <span className={classes.clusterFacts}>
        <EnvironmentBadge environment={current.environment} />
        <ClusterState connection={current} />
        {travelsInClear(current.endpoint) && <PlainHttpBadge />}
      </span>
    </span>
  );
}
