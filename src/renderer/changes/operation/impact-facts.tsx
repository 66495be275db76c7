import { IconAlertTriangle } from '@tabler/icons-react';
import { Bytes } from '../../kit/components/bytes.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import classes from './operation.module.css';
import type { OperationPreview } from './use-preview.ts';

/** What hangs on the target of a destructive operation, and what the operator is warned of. */
export function ImpactFacts({ preview }: { preview: OperationPreview }) {
  const { impact, warnings } = preview;
  if (impact === null && warnings.length === 0) return null;
  return (
    <div className={classes.impact} data-destructive={preview.destructive || undefined}>
      <IconAlertTriangle size={16} className={classes.impactIcon} aria-hidden />
      <div>
        {impact !== null && <ImpactWords impact={impact} />}
        {warnings.map((warning) => (
          <div key={warning}>{warning}</div>
        ))}
      </div>
    </div>
  );
}

/** How much hangs on the target of an operation, or on the rows of a run. */
export function ImpactWords({ impact }: { impact: NonNullable<OperationPreview['impact']> }) {
  const { buckets, bytes, keys } = impact;
  return (
    <div>
      <b>Affects</b>{' '}
      {buckets === null ? (
        'buckets that are not counted yet'
      ) : (
        <>
          {formatCounted(buckets, 'bucket')} with{' '}
          <Bytes value={bytes} source="from the bucket list" />
        </>
      )}{' '}
      and {formatCounted(keys, 'access key')}.
    </div>
  );
}
