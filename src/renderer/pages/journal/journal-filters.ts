import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { useCall } from '../../kit/rpc/use-call.ts';
import { momentsOf, periodOptions } from '../../lists/list-page/days.ts';
import type { FilterPart, ListFilter } from '../../lists/list-page/filters.ts';
import { resultWords } from './result-badge.tsx';

type JournalPart = FilterPart<'journal.list'>;
type JournalFilter = Required<NonNullable<JournalPart['filter']>>;
export type JournalListFilter = ListFilter<JournalPart>;

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

/** @param everywhere whether the journals of all clusters are listed */
export function useJournalFilters(everywhere: boolean): JournalListFilter[] {
  const catalogue = useCall('operations.catalogue', {}).data;
  const { id: connectionId } = useCluster();
  const ofCluster = useCall('journal.chains', { connectionId }).data;
  const chains = everywhere ? undefined : ofCluster;
  const operators = useCall('journal.operators', everywhere ? {} : { connectionId }).data;
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
        options: periodOptions,
        ownDays: true,
        toInput: (period) => ({ filter: momentsOf(period) }),
      },
      {
        id: 'operator',
        label: 'Operator',
        options: (operators ?? []).map((name) => ({ value: name, label: name })),
        toInput: (operator) => ({ filter: { operator } }),
      },
      {
        id: 'operation',
        label: 'Operation',
        options: [
          ...(catalogue ?? []).map(({ operation, title }) => ({ value: operation, label: title })),
          { value: 'keys.reveal', label: 'Reveal secret' },
          { value: 'connections.unlock', label: 'Unlock production cluster' },
          { value: 'connections.export', label: 'Export secret key' },
          { value: 'connections.fieldPack', label: 'Pack what was last seen' },
          { value: 'connections.openPack', label: 'Open field pack' },
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
    [catalogue, chains, operators, target, run],
  );
}
