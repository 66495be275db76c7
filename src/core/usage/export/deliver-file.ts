import type { CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { Cluster } from '../../clusters/clusters.ts';
import { type Destination, openSink } from './destination.ts';

export type ExportedFile = CallOutput<'usage.export'>;

export type ExportFormat = 'csv' | 'json' | 'parquet';

export const mediaTypes: Record<ExportFormat | 'pdf' | 'zip', string> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  parquet: 'application/vnd.apache.parquet',
  pdf: 'application/pdf',
  zip: 'application/zip',
};

/**
 * Hands a file to the caller, or puts it where it is to go.
 * @param cluster whose bucket it may go to; null: none's
 */
export async function deliverFile(
  file: {
    fileName: string;
    format: keyof typeof mediaTypes;
    rows: number;
    content: string | Uint8Array;
  },
  destination: Destination | undefined,
  cluster: Pick<Cluster, 'gateway'> | null,
  signal: AbortSignal,
): Promise<ExportedFile> {
  const { fileName, format, rows, content } = file;
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const head = { fileName, mediaType: mediaTypes[format], rows, bytes: bytes.byteLength };
  if (destination) {
    const sink = openSink(destination, async () => gatewayOf(cluster), signal);
    return { ...head, writtenTo: await sink.put(fileName, bytes, head.mediaType) };
  }
  if (typeof content === 'string') return { ...head, text: content };
  return { ...head, base64: Buffer.from(bytes).toString('base64') };
}

function gatewayOf(cluster: Pick<Cluster, 'gateway'> | null) {
  if (cluster) return cluster.gateway();
  throw new AppError({
    code: 'INPUT_INVALID',
    message: 'What is of no one cluster cannot be put into a bucket.',
    hint: 'Export it to a folder.',
  });
}
