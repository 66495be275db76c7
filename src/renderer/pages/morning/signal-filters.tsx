import { Select, TextInput } from '@mantine/core';
import { useSearchParams } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { signalKind } from '#shared/contract/signals.ts';
import { type ParameterUpdate, withParameters } from '../../kit/addresses.ts';
import type { Connection } from '../../kit/cluster-context.tsx';
import { SmallButton } from '../../kit/components/buttons.ts';
import { formatCount } from '../../kit/components/format.ts';
import { Segments } from '../../kit/components/segments.tsx';
import classes from './morning.module.css';

type Shown = 'all' | 'critical' | 'warning' | 'information' | 'snoozed';
const severities: ReadonlySet<string> = new Set(['critical', 'warning', 'information', 'snoozed']);

/** Returns which signals the page shows, as its address says: `?cluster=…&kind=…&severity=…&search=…`. */
export function useMorningFilter() {
  const [address, setAddress] = useSearchParams();
  const cluster = address.get('cluster');
  const kind = signalKind.safeParse(address.get('kind')).data;
  const search = address.get('search') ?? '';
  const severity = address.get('severity') ?? '';
  const set = (update: ParameterUpdate): void =>
    setAddress((before) => withParameters(before, update), { replace: true });
  return {
    ...{ cluster, kind, search, set },
    shown: (severities.has(severity) ? severity : 'all') as Shown,
    narrowed: cluster !== null || kind !== undefined || search !== '',
    /** The part of the call's input that does not depend on severity. */
    of: {
      ...(cluster === null ? {} : { connectionId: cluster }),
      filter: { ...(kind ? { kind } : {}), ...(search === '' ? {} : { search }) },
    },
  };
}

export type MorningFilter = ReturnType<typeof useMorningFilter>;

/** Severity, cluster, kind and text of the signals shown, with counts. */
export function SignalFilters(props: {
  filter: MorningFilter;
  all: CallOutput<'signals.list'>;
  connections: readonly Connection[];
  onChange(): void;
}) {
  const { filter, all, connections } = props;
  const set = (values: Record<string, string | null>): void => {
    props.onChange();
    filter.set(values);
  };
  const kinds = all.kinds.map(({ kind, title, signals }) => ({
    value: kind,
    label: `${title} (${formatCount(signals)})`,
  }));
  const { kind } = filter;
  if (kind && !kinds.some(({ value }) => value === kind)) kinds.push({ value: kind, label: kind });
  return (
    <div className={classes.filters}>
      <Segments
        size="xs"
        aria-label="Which signals"
        value={filter.shown}
        onChange={(value) => set({ severity: value === 'all' ? null : value })}
        data={[
          { value: 'all', label: `All ${all.total}` },
          { value: 'critical', label: `Critical ${all.counts.critical}` },
          { value: 'warning', label: `Warnings ${all.counts.warning}` },
          { value: 'information', label: `Notes ${all.counts.information}` },
          { value: 'snoozed', label: `Snoozed ${all.snoozed}` },
        ]}
      />
      <Select
        size="xs"
        w={176}
        aria-label="Cluster"
        placeholder="All clusters"
        clearable
        searchable
        value={filter.cluster}
        onChange={(value) => set({ cluster: value })}
        data={connections.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <Select
        size="xs"
        w={176}
        aria-label="Kind"
        placeholder="All kinds"
        clearable
        searchable
        value={kind ?? null}
        onChange={(value) => set({ kind: value })}
        data={kinds}
      />
      <TextInput
        size="xs"
        type="search"
        aria-label="Search signals"
        placeholder="Search"
        maxLength={200}
        value={filter.search}
        onChange={(event) => set({ search: event.currentTarget.value })}
      />
      {filter.narrowed && (
        <SmallButton onClick={() => set({ cluster: null, kind: null, search: null })}>
          Clear filters
        </SmallButton>
      )}
    </div>
  );
}
