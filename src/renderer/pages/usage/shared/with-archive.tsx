import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { settingsPath } from '../../../kit/addresses.ts';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { StateBadge } from '../../../kit/components/state-badge.tsx';
import type { Span } from '../period/period.ts';
import type { PeriodState } from '../period/use-period.ts';
import { ArchiveTrouble } from './archive-trouble.tsx';
import { NothingCollected } from './nothing-collected.tsx';
import usage from './usage.module.css';

function DamagedNotice() {
  return (
    <p className={usage.notice} role="status">
      <StateBadge tone="bad">Damaged archive, open to read</StateBadge> What is shown is what can be
      read; it may not be all, and nothing is collected.{' '}
      <Link to={settingsPath}>See the archive</Link>
    </p>
  );
}

/**
 * Shows what is shown once the archive can be read and holds something; else why not, and what to do.
 * @param props.children drawn with the span on screen
 */
export function WithArchive(props: {
  period: PeriodState;
  /** Whether there is nothing to show before statistics were collected. */
  needsStatistics?: boolean;
  children: (span: Span) => ReactNode;
}) {
  const { archive, error, span, collected, retry } = props.period;
  if (error) {
    return (
      <div className="oc-state">
        <ErrorPanel title="The archive can't be read" error={error} onRetry={retry} />
      </div>
    );
  }
  if (!archive) return <div className="oc-state" aria-busy="true" />;
  if (archive.error && !archive.readOnly) {
    return (
      <div className="oc-state">
        <ArchiveTrouble status={archive} />
      </div>
    );
  }
  if (!span || (!collected && props.needsStatistics !== false)) return <NothingCollected />;
  return (
    <>
      {archive.readOnly && <DamagedNotice />}
      {props.children(span)}
    </>
  );
}
