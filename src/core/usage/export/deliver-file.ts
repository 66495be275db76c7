import type { CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { Cluster } from '../../clusters/clusters.ts';
import { type Destination, type FileContent, gather, openSink } from './destination.ts';

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
    content: string | FileContent;
  },
  destination: Destination | undefined,
  cluster: Pick<Cluster, 'gateway'> | null,
  signal: AbortSignal,
): Promise<ExportedFile> {
  const { fileName, format, rows, content } = file;
  const made = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const head = { fileName, mediaType: mediaTypes[format], rows };
  if (destination) {
    const sink = openSink(destination, async () => gatewayOf(cluster), signal);
    const counted = made instanceof Uint8Array ? null : countBytes(made);
    const writtenTo = await sink.put(fileName, counted?.parts ?? made, head.mediaType);
    return { ...head, bytes: counted?.bytes() ?? (made as Uint8Array).byteLength, writtenTo };
  }
  const bytes = made instanceof Uint8Array ? made : await gather(made);
  const whole = { ...head, bytes: bytes.byteLength };
  if (typeof content === 'string') return { ...whole, text: content };
  return { ...whole, base64: Buffer.from(bytes).toString('base64') };
}

function countBytes(content: AsyncIterable<Uint8Array>) {
  let bytes = 0;
  async function* count(): AsyncGenerator<Uint8Array> {
    for await (const part of content) {
      bytes += part.byteLength;
      yield part;
    }
  }
  return { parts: count(), bytes: () => bytes };
}

function gatewayOf(cluster: Pick<Cluster, 'gateway'> | null) {
  if (cluster) return cluster.gateway();
  throw new AppError({
    code: 'INPUT_INVALID',
    message: 'What is of no one cluster cannot be put into a bucket.',
    hint: 'Export it to a folder.',
  });
}
