import { ActionIcon, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload, IconX } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SmallButton } from '../../kit/components/buttons.ts';
import { formatCounted } from '../../kit/components/format.ts';
import { showFailure } from '../../kit/use-action.ts';
import type { DataColumn } from '../table/columns.ts';
import {
  csvHead,
  csvLines,
  csvRows,
  downloadFile,
  type ExportStamp,
  exportFileName,
} from '../table/export-csv.ts';
import type { PagedRows } from '../table/use-paged-rows.ts';

const mediaType = 'text/csv;charset=utf-8';

/** Rows that are in the page's memory at the same time while a list is exported. */
const rowsAtOnce = 1000;

function said(rows: number, name: string): void {
  notifications.show({ message: `${formatCounted(rows, 'row')} exported to ${name}.` });
}

/** Hands rows that are available over as CSV and says so. */
export function exportRows<Row>(options: {
  what: string;
  columns: readonly DataColumn<Row>[];
  rows: readonly Row[];
  stamp: ExportStamp;
}): void {
  const { what, columns, rows, stamp } = options;
  const name = exportFileName(what, stamp);
  downloadFile(name, csvLines(columns, rows, stamp), mediaType);
  said(rows.length, name);
}

interface ListToExport<Row> {
  columns: readonly DataColumn<Row>[];
  rows: Pick<PagedRows<Row>, 'total' | 'readRange'>;
  stamp: ExportStamp;
}

/**
 * A list of any length as CSV, in parts. Each part becomes a blob at once: the browser keeps those
 * outside of the page's memory, and on the disk where there are many.
 */
async function csvParts<Row>(
  { columns, rows, stamp }: ListToExport<Row>,
  signal: AbortSignal,
  onProgress: (read: number) => void,
): Promise<{ parts: Blob[]; read: number }> {
  const total = rows.total ?? 0;
  const parts = [new Blob([csvHead(columns, stamp.heading)])];
  let read = 0;
  while (read < total) {
    const chunk = await rows.readRange(read, Math.min(total, read + rowsAtOnce), { signal });
    signal.throwIfAborted();
    if (chunk.length === 0) break; // the list became shorter meanwhile
    parts.push(new Blob([csvRows(columns, chunk, stamp)]));
    read += chunk.length;
    onProgress(read);
  }
  return { parts, read };
}

/** Exports every row that matches, not only those on screen, as CSV stamped with cluster and time. */
export function ExportButton<Row>(props: {
  what: string;
  columns: readonly DataColumn<Row>[];
  rows: PagedRows<Row>;
  /** What the rows are of, where it is not the cluster. */
  stamp?: Partial<ExportStamp>;
}) {
  const { what, columns, rows } = props;
  const cluster = useCluster();
  const abort = useRef<AbortController | null>(null);
  const [done, setDone] = useState<number | null>(null);
  const total = rows.total ?? 0;

  const run = async () => {
    const own = new AbortController();
    abort.current = own;
    setDone(0);
    try {
      const stamp = { cluster: cluster.name, asOf: rows.asOf, ...props.stamp };
      const { parts, read } = await csvParts({ columns, rows, stamp }, own.signal, setDone);
      const name = exportFileName(what, stamp);
      downloadFile(name, parts, mediaType);
      said(read, name);
    } catch (thrown) {
      if (own.signal.aborted) return;
      showFailure(thrown);
    } finally {
      setDone(null);
    }
  };

  if (done !== null) {
    const share = total === 0 ? 0 : Math.floor((done / total) * 100);
    return (
      <Tooltip label="Cancel the export">
        <SmallButton
          className="oc-number"
          aria-label={`Cancel the export, ${share} % done`}
          leftSection={<IconX size={14} />}
          onClick={() => abort.current?.abort()}
        >
          {share} %
        </SmallButton>
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
