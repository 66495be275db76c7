import type { ReactNode } from 'react';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import type { Span } from '../period/period.ts';
import type { PeriodState } from '../period/use-period.ts';
import usage from '../usage.module.css';
import { ArchiveTrouble } from './archive-trouble.tsx';
import { NothingCollected } from './nothing-collected.tsx';

/**
 * What is shown once the archive can be read and holds something; else why not, and what to do.
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
      <div className={usage.state}>
        <ErrorPanel title="The archive can't be read" error={error} onRetry={retry} />
      </div>
    );
  }
  if (!archive) return <div className={usage.state} aria-busy="true" />;
  if (archive.error && !archive.readOnly) {
    return (
      <div className={usage.state}>
        <ArchiveTrouble status={archive} />
      </div>
    );
  }
  if (!span || (!collected && props.needsStatistics !== false)) return <NothingCollected />;
  return props.children(span);
}
