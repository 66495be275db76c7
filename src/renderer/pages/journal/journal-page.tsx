import { ActionIcon, Menu, Switch } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconDownload, IconHistory } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import type { JournalRow } from '../../changes/operation/reverse-entry.tsx';
import { customerPartPath, runPath, withParameters } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ActingCluster } from '../../kit/components/acting-cluster.tsx';
import strip from '../../kit/components/chain-check.module.css';
import {
  ChainCheckButton,
  ChainCheckStrip,
  useChainCheck,
} from '../../kit/components/chain-check.tsx';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { useMenuEntries } from '../../kit/components/menu-entries.tsx';
import { Time } from '../../kit/components/time.tsx';
import { ticked } from '../../kit/components/typed.ts';
import detail from '../../kit/detail/detail.module.css';
import { DetailSection, Fact, Facts } from '../../kit/detail/detail.tsx';
import { DetailInstead } from '../../kit/detail/detail-page.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { useOfferOnScreen } from '../../kit/stores/on-screen.ts';
import { showFailure, useAction } from '../../kit/use-action.ts';
import { filterInput, ListView, searchInput } from '../../lists/list-page/list-view.tsx';
import { useFilters } from '../../lists/list-page/use-filters.ts';
import { downloadFile } from '../../lists/table/export-csv.ts';
import type { ListAddress } from '../../lists/table/use-list-address.ts';
import { AnchorMenu } from './anchor-dialog.tsx';
import { everyColumns, journalColumns } from './columns.tsx';
import { Entries } from './history-section.tsx';
import classes from './journal.module.css';
import { JournalEntry } from './journal-entry.tsx';
import { useJournalFilters } from './journal-filters.ts';
import { RunResults } from './result-badge.tsx';

/**
 * Every write of this console to the cluster, or with a switch to all clusters: who, what, when, before,
 * after, how it ended. The entries of one run are one row, until a run alone is asked for.
 */
export function JournalPage() {
  const [parameters, setParameters] = useSearchParams();
  const everywhere = parameters.get('clusters') === 'all';
  const show = (all: boolean) =>
    setParameters((before) =>
      withParameters(before, { open: null, chain: null, clusters: all ? 'all' : null }),
    );
  useOfferOnScreen(() => [
    {
      id: 'journal.everywhere',
      label: everywhere ? 'Show the journal of this cluster' : 'Show the journal of all clusters',
      keywords: 'history operators entries',
      reason: null,
      start: () => show(!everywhere),
    },
  ]);
  const { id: connectionId } = useCluster();
  const allClusters = (
    <>
      <Link to={customerPartPath(connectionId, 'history')}>Customers</Link>
      <Switch size="xs" label="All clusters" {...ticked(everywhere, show)} />
    </>
  );
  return everywhere ? (
    <EveryJournal allClusters={allClusters} />
  ) : (
    <ClusterJournal allClusters={allClusters} />
  );
}

const page = {
  title: 'Journal',
  noun: 'entry',
  searchPlaceholder: 'Search target, ticket or request id',
  defaultSort: { by: 'at', descending: true },
  empty: (
    <EmptyState icon={IconHistory} title="Nothing was changed yet">
      Every change made with this console is put on record here, before it is sent and after it was
      read back.
    </EmptyState>
  ),
};

/** Prefix of a run's id, to distinguish runs from entries. */
const runMark = 'run-';

function rowIdOf({ run, runId, journalId }: JournalRow): string {
  return run && runId !== null ? `${runMark}${runId}` : journalId;
}

function Opened({ id }: { id: string }) {
  return id.startsWith(runMark) ? (
    <RunEntry runId={id.slice(runMark.length)} />
  ) : (
    <JournalEntry journalId={id} />
  );
}

function ClusterJournal({ allClusters }: { allClusters: ReactNode }) {
  const cluster = useCluster();
  const filters = useJournalFilters(false);
  const address = useFilters(filters);
  const call = useConsole();
  const check = useChainCheck(() => call('journal.verify', { connectionId: cluster.id }));
  return (
    <ListView
      {...page}
      tableId="journal"
      call="journal.list"
      own
      input={address.filters.run === undefined ? { folded: true } : {}}
      columns={journalColumns}
      rowId={rowIdOf}
      only={(id) => id.replace(runMark, '')}
      filters={filters}
      renderDetail={(id) => <Opened key={id} id={id} />}
      primaryAction={
        <>
          {allClusters}
          <AnchorMenu />
          <ChainCheckButton check={check} />
        </>
      }
      exportButton={
        <ExportJournal
          query={{
            connectionId: cluster.id,
            ...searchInput(address.search),
            ...filterInput(filters, address.filters),
          }}
        />
      }
      banner={<ChainCheckStrip check={check} of="journal" />}
    />
  );
}

type EveryRow = CallOutput<'journal.everywhere'>['rows'][number];

/** The journals of all clusters, merged by time; a row opens on its own cluster. */
function EveryJournal({ allClusters }: { allClusters: ReactNode }) {
  const filters = useJournalFilters(true);
  const connections = useCall('connections.list', {}).data ?? [];
  const toInput = ({ search, filters: set }: ListAddress) => ({
    folded: set.run === undefined,
    ...searchInput(search),
    ...filterInput(filters, set),
  });
  return (
    <ListView
      {...page}
      tableId="journal-everywhere"
      call="journal.everywhere"
      own
      toInput={toInput}
      columns={everyColumns}
      rowId={(row: EveryRow) => `${row.connectionId}/${rowIdOf(row)}`}
      only={(id) => id.slice(id.indexOf('/') + 1).replace(runMark, '')}
      filters={filters}
      exportStamp={() => ({ cluster: 'All clusters' })}
      renderDetail={(id) => {
        const [connectionId = '', entryId = ''] = id.split('/', 2);
        const connection = connections.find((one) => one.id === connectionId);
        return (
          connection && (
            <ActingCluster key={id} connection={connection}>
              <Opened id={entryId} />
            </ActingCluster>
          )
        );
      }}
      primaryAction={allClusters}
      banner={
        <UnreadJournals input={toInput({ search: '', filters: {}, sort: null, open: null })} />
      }
    />
  );
}

/** Names the clusters whose journal is not in the list. */
function UnreadJournals({ input }: { input: CallInput<'journal.everywhere'> }) {
  const unread =
    useCall('journal.everywhere', { ...input, offset: 0, limit: 1 }).data?.unread ?? [];
  return unread.map(({ connectionId, connectionName, reason }) => (
    <div key={connectionId} className={strip.strip} data-tone="bad" role="alert">
      <IconAlertTriangle size={16} aria-hidden />
      <div className={strip.stripBody}>
        <b>The journal of {connectionName} is not included.</b> {reason}
      </div>
    </div>
  ));
}

/** Exports every entry that matches search and filters, as CSV or JSON. */
function ExportJournal({ query }: { query: Omit<CallInput<'journal.export'>, 'format'> }) {
  const call = useConsole();
  const { running, run } = useAction(showFailure);
  const download = (format: 'csv' | 'json') =>
    run(async () => {
      const { fileName, content, mediaType } = await call('journal.export', { ...query, format });
      downloadFile(fileName, content, `${mediaType};charset=utf-8`);
      notifications.show({ message: `The journal was exported to ${fileName}.` });
    });
  const items = useMenuEntries([
    { label: 'As CSV', verb: 'Export journal as CSV', start: () => void download('csv') },
    { label: 'As JSON', verb: 'Export journal as JSON', start: () => void download('json') },
  ]);
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon aria-label="Export" title="Export all matching entries" loading={running}>
          <IconDownload size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>{items}</Menu.Dropdown>
    </Menu>
  );
}

const shownEntries = 50;

/** All entries of one run, their results, and a link to the run, which can be reversed as a whole. */
function RunEntry({ runId }: { runId: string }) {
  const { id: connectionId } = useCluster();
  const filter = { runId };
  const query = useCall('journal.list', { connectionId, filter, folded: true, limit: 1 });
  const row = query.data?.rows[0];
  if (query.data && !row)
    return <p className={classes.gone}>The journal has no entry of this run.</p>;
  if (!row?.run) return <DetailInstead query={query} what="run" name={runId} />;
  return (
    <article>
      <header className={detail.head}>
        <h2 className={detail.name}>{row.run.title}</h2>
        <div className={detail.facts}>
          <RunResults run={row.run} />
        </div>
        <Link to={runPath(connectionId, runId)}>Open the run</Link>
      </header>
      <DetailSection title="Who and when">
        <Facts>
          <Fact name="Last entry">
            <Time value={row.at} />
          </Fact>
          <Fact name="Operator">{row.operator}</Fact>
          <Fact name="Ticket or reason">{row.ticket ?? 'none given'}</Fact>
          <Fact name="Connection">{row.connectionName}</Fact>
        </Facts>
      </DetailSection>
      <DetailSection title="Entries">
        <Entries
          filter={filter}
          search={`?run=${encodeURIComponent(runId)}`}
          shown={shownEntries}
          named
          empty="The journal has no entry of this run."
        />
      </DetailSection>
    </article>
  );
}
