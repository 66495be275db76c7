import { IconHistory } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { useCall } from '../../kit/rpc/use-call.ts';
import type { ListFilter } from '../../lists/list-page/filters.ts';
import { ListView } from '../../lists/list-page/list-view.tsx';
import { startOfDay } from '../../lists/list-page/start-of-day.ts';
import { type ListAddress, useListAddress } from '../../lists/table/use-list-address.ts';
import type { ListInput } from '../../lists/table/use-paged-rows.ts';
import { ChainCheckButton, ChainCheckStrip, useChainCheck } from './chain-check.tsx';
import { journalColumns } from './columns.tsx';
import { ExportJournal } from './export-journal.tsx';
import { JournalEntry } from './journal-entry.tsx';
import { type JournalRow, resultWords } from './result-badge.tsx';

type JournalFilter = NonNullable<ListInput<'journal.list'>['filter']>;

const results = Object.entries(resultWords).map(([value, { word }]) => ({ value, label: word }));

/** Filters that a link sets: entries of one target, of one bulk run. */
function linkedFilters(parameters: URLSearchParams): ListFilter[] {
  const target = parameters.get('target');
  const run = parameters.get('run');
  return [
    ...(target === null
      ? []
      : [{ id: 'target', label: 'Target', options: [{ value: target, label: target }] }]),
    ...(run === null
      ? []
      : [{ id: 'run', label: 'Bulk run', options: [{ value: run, label: run.slice(0, 8) }] }]),
  ];
}

/** The journals of other workstations, each to be looked at by itself. */
function mergedJournals(chains: CallOutput<'journal.chains'>): ListFilter[] {
  if (chains.length === 0) return [];
  const options = chains.map(({ chain, entries, operators, ok }) => ({
    value: chain,
    label: `${operators.join(', ') || 'unknown operator'}, ${formatCounted(entries, 'record')}, ${ok ? 'intact' : 'not intact'} (${chain.slice(0, 8)})`,
  }));
  return [{ id: 'chain', label: 'Merged journal', options }];
}

function useFilters(): ListFilter[] {
  const catalogue = useCall('operations.catalogue', {}).data;
  const { id: connectionId } = useCluster();
  const chains = useCall('journal.chains', { connectionId }).data;
  const [parameters] = useSearchParams();
  const linked = JSON.stringify(linkedFilters(parameters));
  return useMemo(
    () => [
      { id: 'result', label: 'Result', options: results },
      {
        id: 'since',
        label: 'Period',
        options: [
          { value: '0', label: 'Today (UTC)' },
          { value: '7', label: 'Last 7 days' },
          { value: '30', label: 'Last 30 days' },
        ],
      },
      {
        id: 'operation',
        label: 'Operation',
        options: [
          ...(catalogue ?? []).map(({ operation, title }) => ({ value: operation, label: title })),
          { value: 'keys.reveal', label: 'Reveal secret' },
          { value: 'connections.unlock', label: 'Unlock production cluster' },
          { value: 'connections.lock', label: 'Lock production cluster' },
          { value: 'connections.save', label: 'Change guards' },
          { value: 'sync.acceptShorter', label: 'Accept shorter lists' },
          { value: 'usage.removeObjects', label: 'Remove collected statistics' },
          { value: 'usage.discardObjects', label: 'Discard statistics not archived' },
          { value: 'usage.acceptGaps', label: 'Accept hours as silent' },
          { value: 'usage.withdrawGaps', label: 'Take silent hours back' },
          { value: 'usage.stateService', label: 'State service retired or idle' },
          { value: 'archive.merge', label: 'Merge archive' },
        ],
      },
      ...mergedJournals(chains ?? []),
      ...(JSON.parse(linked) as ListFilter[]),
    ],
    [catalogue, chains, linked],
  );
}

function toInput(
  { search, filters }: Pick<ListAddress, 'search' | 'filters'>,
  connectionId: string,
): ListInput<'journal.list'> {
  const { result, since, operation, target, run, chain } = filters;
  const filter: JournalFilter = {
    ...(result ? { result: result as NonNullable<JournalFilter['result']> } : {}),
    ...(since ? { from: startOfDay(Number(since)) } : {}),
    ...(operation ? { operation } : {}),
    ...(target ? { targetId: target } : {}),
    ...(run ? { runId: run } : {}),
    ...(chain ? { chain } : {}),
  };
  return {
    connectionId,
    ...(search === '' ? {} : { search }),
    ...(Object.keys(filter).length === 0 ? {} : { filter }),
  };
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
      toInput={toInput}
      columns={journalColumns}
      rowId={(row: JournalRow) => row.journalId}
      filters={filters}
      searchPlaceholder="Search target, operator, ticket, request id"
      defaultSort={{ by: 'at', descending: true }}
      renderDetail={(journalId) => <JournalEntry key={journalId} journalId={journalId} />}
      primaryAction={<ChainCheckButton check={check} />}
      exportButton={<ExportJournal query={toInput(address, cluster.id)} />}
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
