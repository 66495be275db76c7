import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError, toAppError } from '#shared/errors.ts';
import { nestsTooDeep } from '#shared/nesting.ts';
import { type Plan, readPlan } from '../../changes/plans/plan-file.ts';
import { ZipReader } from '../../platform/files/read-zip.ts';
import type { InspectedSnapshot } from '../../store/snapshot/inspect-snapshot.ts';
import { inspectForeignSnapshot } from '../../store/snapshot/open-snapshot.ts';
import { snapshotPath } from '../../store/snapshot/snapshot-database.ts';
import {
  mostUnpacked,
  type PackedConnection,
  packedCluster,
  packFiles,
  packVersion,
} from './cluster-part.ts';
import { beginOpening, dropLeft, endOpening } from './opening.ts';

/** A field pack with a cluster, fully checked. */
export interface ReadPack {
  /** The name of this opening. */
  opening: string;
  connection: PackedConnection;
  origin: { operator: string; computer: string; packedAt: string };
  seen: InspectedSnapshot;
  plans: Plan[];
  /** Where its snapshot is until it is put in place or dropped. */
  snapshotPath: string;
}

const mostFiles = 1100;

/**
 * Reads a field pack, which may be anybody's, and hands it over once all of it was found good. It is
 * unpacked into its own folder, which is gone in the end, and nowhere else.
 * @param content the file in Base64
 * @throws AppError `FILE_INVALID`, `PLAN_INVALID`, `DISK_FAILED`
 */
export async function withPack<Result>(
  dataDir: string,
  content: string,
  use: (pack: ReadPack) => Promise<Result>,
): Promise<Result> {
  const zip = new ZipReader(Buffer.from(content, 'base64'), mostFiles);
  if (!zip.has(packFiles.cluster)) throw withoutCluster();
  const { connection, origin, plans: names } = await readCluster(zip);
  const plans = await readPlans(zip, names);
  await dropLeft(dataDir);
  const opening = beginOpening();
  const folder = join(dataDir, opening);
  try {
    await mkdir(folder, { mode: 0o700 });
    const path = snapshotPath(folder);
    await unpack(zip, path);
    const seen = await inspectForeignSnapshot(folder);
    return await use({ opening, connection, origin, seen, plans, snapshotPath: path });
  } finally {
    await rm(folder, { recursive: true, force: true });
    endOpening(opening);
  }
}

async function readCluster(zip: ZipReader) {
  const text = await zip.text(packFiles.cluster, mostUnpacked.cluster);
  const raw = parse(text);
  const { data, error } = packedCluster.safeParse(raw);
  if (data) return data;
  const version = typeof raw === 'object' && raw !== null ? Reflect.get(raw, 'version') : undefined;
  if (typeof version === 'number' && version > packVersion) throw newerPack();
  const [issue] = error.issues;
  throw invalid(`${packFiles.cluster} is not as a console writes it (${issue?.path.join('.')})`);
}

function parse(text: string): unknown {
  try {
    return nestsTooDeep(text) ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readPlans(zip: ZipReader, names: readonly string[]): Promise<Plan[]> {
  const plans: Plan[] = [];
  let left: number = mostUnpacked.plans;
  for (const name of names) {
    const text = await zip.text(name, left);
    left -= Buffer.byteLength(text);
    plans.push(readPlan(text));
  }
  return plans;
}

async function unpack(zip: ZipReader, path: string): Promise<void> {
  try {
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
    await pipeline(zip.pieces(packFiles.snapshot, mostUnpacked.snapshot), file);
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw new AppError({
      code: 'DISK_FAILED',
      message: `The field pack could not be unpacked: ${toAppError(thrown).message}`,
      hint: 'Check that the disk is not full and that the data directory belongs to you.',
      cause: thrown,
    });
  }
}

function withoutCluster(): AppError {
  return new AppError({
    code: 'FILE_INVALID',
    message: 'This zip holds nothing that was seen of a cluster.',
    hint: 'Have the field pack made again with “Include cached cluster data”. A change plan is opened on the page Change plans.',
  });
}

function newerPack(): AppError {
  return new AppError({
    code: 'FILE_INVALID',
    message: 'This field pack was made by a newer console.',
    hint: 'Update this console, then open the field pack again.',
  });
}

function invalid(reason: string): AppError {
  return new AppError({
    code: 'FILE_INVALID',
    message: `This field pack can’t be opened. ${reason}.`,
    hint: 'Get an unchanged copy of it, or have it made again.',
  });
}
