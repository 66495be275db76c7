import { ActionIcon, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload, IconX } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { toAppError } from '#shared/errors.ts';
import { useCluster } from '../../app/cluster-context.tsx';
import type { DataColumn } from '../data-table/columns.ts';
import {
  csvLines,
  downloadFile,
  type ExportStamp,
  exportFileName,
} from '../data-table/export-csv.ts';
import type { PagedRows } from '../data-table/use-paged-rows.ts';
import { formatCounted } from '../format.ts';

/** Hands rows over as CSV and says so. */
export function exportRows<Row>(options: {
  what: string;
  columns: readonly DataColumn<Row>[];
  rows: readonly Row[];
  stamp: ExportStamp;
}): void {
  const { what, columns, rows, stamp } = options;
  const name = exportFileName(what, stamp);
  downloadFile(name, csvLines(columns, rows, stamp), 'text/csv;charset=utf-8');
  notifications.show({ message: `${formatCounted(rows.length, 'row')} exported to ${name}.` });
}

/** Exports every row that matches, not only those on screen, as CSV stamped with cluster and time. */
export function ExportButton<Row>(props: {
  what: string;
  columns: readonly DataColumn<Row>[];
  rows: PagedRows<Row>;
}) {
  const { what, columns, rows } = props;
  const cluster = useCluster();
  const abort = useRef<AbortController | null>(null);
  const [read, setRead] = useState<number | null>(null);
  const total = rows.total ?? 0;

  const run = async () => {
    abort.current = new AbortController();
    setRead(0);
    try {
      const all = await rows.readRange(0, total, {
        signal: abort.current.signal,
        onProgress: setRead,
      });
      const stamp = { cluster: cluster.name, asOf: rows.asOf };
      exportRows({ what, columns, rows: all, stamp });
    } catch (thrown) {
      if (abort.current.signal.aborted) return;
      const error = toAppError(thrown);
      notifications.show({ color: 'red', title: error.message, message: error.hint });
    } finally {
      setRead(null);
    }
  };

  if (read !== null) {
    const share = total === 0 ? 0 : Math.floor((read / total) * 100);
    return (
      <Tooltip label={`Exporting, ${share} %. Click to cancel.`}>
        <ActionIcon aria-label="Cancel the export" onClick={() => abort.current?.abort()}>
          <IconX size={16} />
        </ActionIcon>
      </Tooltip>
    );
  }
  return (
    <Tooltip label={`Export ${formatCounted(total, 'row')} as CSV`}>
      <ActionIcon aria-label="Export as CSV" disabled={total === 0} onClick={() => void run()}>
        <IconDownload size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
