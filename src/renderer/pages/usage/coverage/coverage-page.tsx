import { SegmentedControl } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { TinyButton } from '../../../kit/components/buttons.ts';
import { EmptyState } from '../../../kit/components/empty-state.tsx';
import { CallError } from '../../../kit/components/error-panel.tsx';
import { formatCount, formatCounted } from '../../../kit/components/format.ts';
import { StateBadge } from '../../../kit/components/state-badge.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import type { Span } from '../period/period.ts';
import { type PeriodState, usePeriod } from '../period/use-period.ts';
import { UsageFrame } from '../shared/usage-frame.tsx';
import { WithArchive } from '../shared/with-archive.tsx';
import { AcceptGapsDialog, isAcceptable } from './accept-gaps-dialog.tsx';
import { AcceptedTable } from './accepted-table.tsx';
import type { Coverage } from './cells.ts';
import { ConflictsTable } from './conflicts.tsx';
import classes from './coverage.module.css';
import { GapsTable } from './gaps-table.tsx';
import { HeatMap } from './heat-map.tsx';
import { Legend } from './legend.tsx';
import { StateServiceDialog } from './state-service-dialog.tsx';

type Conflict = CallOutput<'usage.conflicts'>[number];

/** Shows how complete the archive is, by service and hour, with actions on gaps. */
export function CoveragePage() {
  const period = usePeriod();
  return (
    <UsageFrame period={period} hasList>
      <WithArchive period={period}>{(span) => <Body period={period} span={span} />}</WithArchive>
    </UsageFrame>
  );
}

function Body({ period, span }: { period: PeriodState; span: Span }) {
  const cluster = useCluster();
  const query = useCall(
    'usage.coverage',
    { connectionId: cluster.id, from: span.from, to: span.to },
    { keepPrevious: true },
  );
  const conflicts = useCall('usage.conflicts', { connectionId: cluster.id }).data ?? [];
  if (query.error) {
    return (
      <div className="oc-state">
        <CallError call={query} />
      </div>
    );
  }
  if (!query.data) return <div className="oc-state" aria-busy="true" />;
  const coverage = query.data;
  return (
    <>
      <section className="oc-band" data-part="summary" aria-label="How complete">
        <Sentence coverage={coverage} words={period.words} />
        <Legend summary={coverage.summary} />
      </section>
      {coverage.services.length > 0 && (
        <HeatMap coverage={coverage} clock={period.clock} onZoom={period.chooseSpan} />
      )}
      <Problems coverage={coverage} conflicts={conflicts} />
    </>
  );
}

function Sentence({ coverage, words }: { coverage: Coverage; words: string }) {
  const { summary } = coverage;
  const share =
    summary.expectedHours === 0
      ? 0
      : Math.floor((summary.coveredHours / summary.expectedHours) * 1000) / 10;
  return (
    <p className={classes.sentence} data-badge>
      {summary.final ? (
        <StateBadge tone="good">Complete</StateBadge>
      ) : (
        <StateBadge tone={summary.state === 'gaps' ? 'bad' : 'idle'}>Not complete</StateBadge>
      )}{' '}
      {formatCount(summary.coveredHours)} of {formatCount(summary.expectedHours)} gateway hours (
      {share} %) of {words} are archived
      {summary.silentHours > 0 && `, ${formatCount(summary.silentHours)} accepted as silent`}.{' '}
      <span className="oc-dimmed">
        {summary.final
          ? 'These figures are final.'
          : summary.state === 'gaps'
            ? 'Figures of this period are not final.'
            : 'Figures become final when the last hours have ended and are collected.'}{' '}
        The gateway’s list was last read <Time value={summary.listedAt} as="age" unknown="never" />.
      </span>
    </p>
  );
}

type View = 'gaps' | 'conflicts' | 'accepted';

function Problems({ coverage, conflicts }: { coverage: Coverage; conflicts: Conflict[] }) {
  const [view, setView] = useState<View>('gaps');
  const { gaps } = coverage;
  const { accepted } = coverage.summary;
  const views = [
    { value: 'gaps' as const, label: 'Gaps', count: gaps.length },
    { value: 'conflicts' as const, label: 'Conflicts', count: conflicts.length },
    { value: 'accepted' as const, label: 'Accepted', count: accepted.length },
  ].filter(({ value, count }) => value === 'gaps' || count > 0);
  const showing = views.find(({ value }) => value === view)?.value ?? 'gaps';
  return (
    <section className={classes.gaps} data-part="list" aria-label="Issues">
      <div className={classes.gapsHead}>
        {views.length === 1 ? (
          <h2 className="oc-heading">Gaps, {formatCount(gaps.length)}</h2>
        ) : (
          <SegmentedControl
            size="xs"
            aria-label="What is listed"
            data={views.map(({ value, label, count }) => ({
              value,
              label: `${label}, ${formatCount(count)}`,
            }))}
            value={showing}
            onChange={setView}
          />
        )}
        {gaps.length === 1000 && <span className="oc-caption">the first 1,000</span>}
        {showing === 'gaps' && <AcceptAll gaps={gaps.filter(isAcceptable)} />}
        {coverage.services.length > 0 && (
          <TinyButton
            onClick={() =>
              openDialog((close) => <StateServiceDialog coverage={coverage} onClose={close} />)
            }
          >
            Retired or idle service
          </TinyButton>
        )}
      </div>
      {showing === 'conflicts' ? (
        <ConflictsTable conflicts={conflicts} />
      ) : showing === 'accepted' ? (
        <AcceptedTable accepted={accepted} />
      ) : gaps.length === 0 ? (
        <EmptyState icon={IconCircleCheck} title="No gaps">
          Every hour that is due is archived once
          {accepted.length > 0 && ', or accepted as silent'}.
        </EmptyState>
      ) : (
        <GapsTable gaps={gaps} />
      )}
    </section>
  );
}

function AcceptAll({ gaps }: { gaps: readonly Coverage['gaps'][number][] }) {
  if (gaps.length < 2) return null;
  return (
    <TinyButton
      onClick={() => openDialog((close) => <AcceptGapsDialog gaps={gaps} onClose={close} />)}
    >
      Accept {formatCounted(gaps.length, 'gap')} as silent
    </TinyButton>
  );
}
