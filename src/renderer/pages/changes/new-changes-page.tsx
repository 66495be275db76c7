import { SegmentedControl } from '@mantine/core';
import { useSearchParams } from 'react-router';
import classes from '../../changes/bulk/bulk.module.css';
import { PageBar } from '../../kit/components/page-bar.tsx';
import frame from '../../kit/frame.module.css';
import { BackToRuns } from './back-to-runs.tsx';
import { FilterSource } from './filter-source.tsx';
import { TableSource } from './table-source.tsx';

const sources = ['table', 'filter', 'buckets'] as const;

/** Begins a bulk change without a list: from a table, or of every user or bucket that matches. */
export function NewChangesPage() {
  const [parameters, setParameters] = useSearchParams();
  const from = sources.find((source) => source === parameters.get('from')) ?? 'table';
  return (
    <>
      <PageBar title="New bulk change" before={<BackToRuns />} />
      <div className={frame.scroll}>
        <div className={classes.page}>
          <SegmentedControl
            aria-label="What is changed"
            value={from}
            onChange={(value) => setParameters({ from: value }, { replace: true })}
            data={[
              { value: 'table', label: 'From a table (CSV)' },
              { value: 'filter', label: 'All users that match' },
              { value: 'buckets', label: 'All buckets that match' },
            ]}
          />
          {from === 'table' ? (
            <TableSource />
          ) : (
            <FilterSource key={from} noun={from === 'filter' ? 'user' : 'bucket'} />
          )}
        </div>
      </div>
    </>
  );
}
