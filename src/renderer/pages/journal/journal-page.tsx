import { ActionIcon, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload, IconHistory } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { showFailure, useAction } from '../../kit/use-action.ts';
import type { FilterPart, ListFilter } from '../../lists/list-page/filters.ts';
import { filterInput, ListView, searchInput } from '../../lists/list-page/list-view.tsx';
import { startOfDay } from '../../lists/list-page/target-filters.ts';
import { downloadFile } from '../../lists/table/export-csv.ts';
import { useListAddress } from '../../lists/table/use-list-address.ts';
import { AnchorMenu } from './anchor-dialog.tsx';
import { ChainCheckButton, ChainCheckStrip, useChainCheck } from './chain-check.tsx';
import { journalColumns } from './columns.tsx';
import { JournalEntry } from './journal-entry.tsx';
import { type JournalRow, resultWords } from './result-badge.tsx';

type JournalPart = FilterPart<'journal.list'>;
type JournalFilter = Required<NonNullable<JournalPart['filter']>>;
type JournalListFilter = ListFilter<JournalPart>;

const results = Object.entries(resultWords).map(([value, { word }]) => ({ value, label: word }));

/** Filters that a link sets: entries of one target, of one bulk run. */
function linkedFilters(target: string | null, run: string | null): JournalListFilter[] {
  return [
    ...(target === null
      ? []
      : [
          {
            id: 'target',
            label: 'Target',
            options: [{ value: target, label: target }],
            toInput: (targetId: string) => ({ filter: { targetId } }),
          },
        ]),
    ...(run === null
      ? []
      : [
          {
            id: 'run',
            label: 'Bulk run',
            options: [{ value: run, label: run.slice(0, 8) }],
            toInput: (runId: string) => ({ filter: { runId } }),
          },
        ]),
  ];
}

/** The journals of other workstations, each to be looked at by itself. */
function mergedJournals(chains: CallOutput<'journal.chains'>): JournalListFilter[] {
  if (chains.length === 0) return [];
  const options = chains.map(({ chain, entries, operators, ok }) => ({
    value: chain,
    label: `${operators.join(', ') || 'unknown operator'}, ${formatCounted(entries, 'record')}, ${ok ? 'intact' : 'not intact'} (${chain.slice(0, 8)})`,
  }));
  return [
    { id: 'chain', label: 'Merged journal', options, toInput: (chain) => ({ filter: { chain } }) },
  ];
}

function useFilters(): JournalListFilter[] {
  const catalogue = useCall('operations.catalogue', {}).data;
  const { id: connectionId } = useCluster();
  const chains = useCall('journal.chains', { connectionId }).data;
  const [parameters] = useSearchParams();
  const [target, run] = [parameters.get('target'), parameters.get('run')];
  return useMemo(
    () => [
      {
        id: 'result',
        label: 'Result',
        options: results,
        toInput: (result) => ({ filter: { result: result as JournalFilter['result'] } }),
      },
      {
        id: 'since',
        label: 'Period',
        options: [
          { value: '0', label: 'Today (UTC)' },
          { value: '7', label: 'Last 7 days' },
          { value: '30', label: 'Last 30 days' },
        ],
        toInput: (days) => ({ filter: { from: startOfDay(Number(days)) } }),
      },
      {
        id: 'operation',
        label: 'Operation',
        options: [
          ...(catalogue ?? []).map(({ operation, title }) => ({ value: operation, label: title })),
          { value: 'keys.reveal', label: 'Reveal secret' },
          { value: 'connections.unlock', label: 'Unlock production cluster' },
          { value: 'connections.export', label: 'Export secret key' },
          { value: 'connections.lock', label: 'Lock production cluster' },
          { value: 'connections.save', label: 'Change guards' },
          { value: 'sync.acceptShorter', label: 'Accept shorter lists' },
          { value: 'usage.removeObjects', label: 'Remove collected statistics' },
          { value: 'usage.discardObjects', label: 'Discard statistics not archived' },
          { value: 'usage.acceptGaps', label: 'Accept hours as silent' },
          { value: 'usage.withdrawGaps', label: 'Withdraw acceptance' },
          { value: 'usage.stateService', label: 'State service retired or idle' },
          { value: 'signals.snooze', label: 'Snooze signal' },
          { value: 'signals.setThresholds', label: 'Change thresholds of signals' },
          { value: 'archive.merge', label: 'Merge archive' },
          { value: 'archive.restore', label: 'Restore a backup of the archive' },
          { value: 'journal.mismatch', label: 'Findings of the journal' },
          { value: 'journal.key', label: 'Key of the journal' },
          { value: 'journal.anchor', label: 'Anchor journal' },
        ],
        toInput: (operation) => ({ filter: { operation } }),
      },
      ...mergedJournals(chains ?? []),
      ...linkedFilters(target, run),
    ],
    [catalogue, chains, target, run],
  );
}

/** Every write of this console to the cluster: who, what, when, before, after, how it ended. */
export function JournalPage() {
  const cluster = useCluster();
  const filters = useFilters();
  const filterIds = useMemo(() => filters.map(({ id }) => id), [filters]);
  const address = useListAddress(filterIds);
  const check = useChainCheck();
  return (
    <ListView
      tableId="journal"
      title="Journal"
      noun="entry"
      call="journal.list"
      columns={journalColumns}
      rowId={(row: JournalRow) => row.journalId}
      filters={filters}
      searchPlaceholder="Search target, operator, ticket, request id"
      defaultSort={{ by: 'at', descending: true }}
      renderDetail={(journalId) => <JournalEntry key={journalId} journalId={journalId} />}
      primaryAction={
        <>
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
      banner={<ChainCheckStrip check={check} />}
      empty={
        <EmptyState icon={IconHistory} title="Nothing was changed yet">
          Every change made with this console is put on record here, before it is sent and after it
          was read back.
        </EmptyState>
      }
    />
  );
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
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon aria-label="Export" title="Export all matching entries" loading={running}>
          <IconDownload size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void download('csv')}>As CSV</Menu.Item>
        <Menu.Item onClick={() => void download('json')}>As JSON</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
