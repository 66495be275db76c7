import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { Readable } from 'node:stream';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { AppError, invalidInput } from '#shared/errors.ts';
import type { Cluster } from '../../clusters/clusters.ts';
import type { Gateway } from '../../gateway/model/gateway.ts';
import { putObjectRequest } from '../../gateway/requests/buckets.ts';
import { makeFolder } from '../../platform/files/make-folder.ts';
import { isLeftPartial, partialName } from '../../platform/files/write-file-atomically.ts';

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
  throw invalidInput(
    'Data of several clusters cannot be exported to a bucket.',
    'Export it to a folder.',
  );
}

export type Destination = NonNullable<ParsedInput<'usage.export'>['destination']>;

/** Takes files under names with `/`; yields where each is now. */
export interface FileSink {
  put(name: string, content: FileContent, mediaType: string): Promise<string>;
}

/** A whole file, or its parts as they are made, which are never in memory together. */
type FileContent = Uint8Array | AsyncIterable<Uint8Array>;

/**
 * A folder of this machine, or a bucket behind the same gateway (signed PUT).
 * @throws `INPUT_INVALID` for a folder that is not an absolute path
 */
export function openSink(
  destination: Destination,
  gateway: () => Promise<Pick<Gateway, 'send'>>,
  signal: AbortSignal,
): FileSink {
  if (destination.to === 'folder') return folderSink(destination.path);
  const { bucket, prefix } = destination;
  return {
    async put(name, content, mediaType) {
      const bytes = content instanceof Uint8Array ? content : await gather(content);
      const key = prefix === '' ? name : `${prefix.replace(/\/+$/, '')}/${name}`;
      await (await gateway()).send(putObjectRequest(bucket, key, bytes, mediaType), { signal });
      return `${bucket}/${key}`;
    },
  };
}

async function gather(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return Buffer.concat(await Readable.from(parts).toArray());
}

function folderSink(folder: string): FileSink {
  if (!isAbsolute(folder)) {
    throw invalidInput(
      'The folder to export to is not an absolute path.',
      'Enter an absolute path: /srv/usage.',
    );
  }
  return {
    async put(name, content) {
      const path = join(folder, ...name.split('/'));
      try {
        await writeWhole(path, content);
      } catch (cause) {
        // what makes a file fails with its own message
        if (cause instanceof AppError) throw cause;
        throw new AppError({
          code: 'DISK_FAILED',
          message: `The file ${path} could not be written.`,
          hint: 'Check that the folder can be written to and that the disk is not full.',
          cause,
        });
      }
      return path;
    },
  };
}

/**
 * A reader of the folder sees a file whole or not at all. It is written under a name that nobody can
 * foresee: the folder may be one where others plant links.
 */
async function writeWhole(path: string, content: FileContent): Promise<void> {
  const folder = dirname(path);
  makeFolder(folder);
  await clearLeftParts(folder);
  const part = join(folder, partialName(basename(path)));
  try {
    const file = await open(part, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (thrown) {
    await rm(part, { force: true });
    throw thrown;
  }
}

/** Deletes parts of files whose export was killed. */
async function clearLeftParts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (isLeftPartial(name)) await rm(join(folder, name), { force: true });
  }
}
