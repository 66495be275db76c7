import { Button, Loader } from '@mantine/core';
import { useState } from 'react';
import type { BulkRow } from '../../changes/bulk/sources.ts';
import { PlannedRequests } from '../../changes/operation/planned-requests.tsx';
import { type OwnInput, usePreview } from '../../changes/operation/use-preview.ts';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';

/**
 * What one row of a run sends, and the same by command line, as of now. Asked for by a button: the
 * target is read for it, which nobody wants while looking through a thousand rows.
 */
export function RowRequests({ row }: { row: BulkRow }) {
  const [asked, setAsked] = useState<number | null>(null);
  const input = row.input as OwnInput<typeof row.operation>;
  const { preview, error, renew } = usePreview(row.operation, asked === row.row ? input : null, 0);
  if (asked !== row.row) {
    return (
      <Button size="compact-sm" variant="default" onClick={() => setAsked(row.row)}>
        Show requests and commands
      </Button>
    );
  }
  if (error) return <ErrorPanel error={error} compact onRetry={renew} />;
  if (!preview) return <Loader size="xs" aria-label="Reading the target" />;
  return <PlannedRequests preview={preview} begin="open" />;
}
