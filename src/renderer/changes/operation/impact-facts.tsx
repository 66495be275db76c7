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
        {impact !== null && (
          <div>
            <b>It touches</b> {formatCounted(impact.buckets, 'bucket')}
            {' with '}
            <Bytes value={impact.bytes} source="from the bucket list" />
            {' and '}
            {formatCounted(impact.keys, 'access key')}.
          </div>
        )}
        {warnings.map((warning) => (
          <div key={warning}>{warning}</div>
        ))}
      </div>
    </div>
  );
}
