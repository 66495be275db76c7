import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { consoleOperations } from '#shared/contract/journal-operations.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { optionsOf } from '../../kit/components/options.ts';
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

/** The journals of other workstations, each shown separately. */
function mergedJournals(chains: CallOutput<'journal.chains'>): JournalListFilter[] {
  if (chains.length === 0) return [];
  const options = chains.map(({ chain, entries, operators, ok }) => ({
    value: chain,
    label: `${operators.join(', ') || 'unknown operator'}, ${formatCounted(entries, 'record')}, ${ok ? 'intact' : 'not intact'} (${chain.slice(0, 8)})`,
  }));
  return [
    {
      id: 'chain',
      label: 'Merged journal',
      options,
      toInput: (chain) => ({ filter: { chain } }),
    },
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
        isOpen: true,
        options: (operators ?? []).map((name) => ({ value: name, label: name })),
        toInput: (operator) => ({ filter: { operator } }),
      },
      {
        id: 'operation',
        label: 'Operation',
        isOpen: true,
        options: [
          ...(catalogue ?? []).map(({ operation, title }) => ({ value: operation, label: title })),
          ...optionsOf(consoleOperations),
        ],
        toInput: (operation) => ({ filter: { operation } }),
      },
      ...mergedJournals(chains ?? []),
      ...linkedFilters(target, run),
    ],
    [catalogue, chains, operators, target, run],
  );
}
