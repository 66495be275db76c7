import type { CallOutput } from '#shared/contract/index.ts';
import type { Cluster } from '../../clusters/clusters.ts';
import { type Destination, openSink } from './destination.ts';

/** An export as it travels. */
export type ExportedFile = CallOutput<'usage.export'>;

/** What an export can be written as. */
export type ExportFormat = 'csv' | 'json' | 'parquet';

/** Media types by format. */
export const mediaTypes: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  parquet: 'application/vnd.apache.parquet',
};

/** Hands a file to the caller, or puts it where it is to go. */
export async function deliverFile(
  file: { fileName: string; format: ExportFormat; rows: number; content: string | Uint8Array },
  destination: Destination | undefined,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<ExportedFile> {
  const { fileName, format, rows, content } = file;
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const head = { fileName, mediaType: mediaTypes[format], rows, bytes: bytes.byteLength };
  if (destination) {
    const sink = openSink(destination, () => cluster.gateway(), signal);
    return { ...head, writtenTo: await sink.put(fileName, bytes, head.mediaType) };
  }
  if (typeof content === 'string') return { ...head, text: content };
  return { ...head, base64: Buffer.from(bytes).toString('base64') };
}
