import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { AppError } from '#shared/errors.ts';
import type { Seal } from './journal-seal.ts';

/** Where a journal ends or ended: the count of entries and the last hash. */
export interface JournalHead {
  entries: number;
  hash: string;
  /** Set by an append: the chain does not reach the remembered head, which an entry explains. */
  setBack?: boolean;
}

export interface Heads {
  /** The farthest that was ever remembered. */
  farthest: JournalHead;
  /** Where the journal ended when it was last written. */
  tip: JournalHead;
}

/** Heads as one key sealed them. */
export interface SealedHeads extends Heads {
  seal: Seal;
}

export interface RememberedHeads extends Heads {
  /**
   * What each key sealed last, the newest first. It may be behind: whoever has no key or another one
   * leaves a seal as it is.
   */
  seals: readonly SealedHeads[];
}

/** This many keys have their seal: as many workstations may take turns with one data folder. */
const keptSeals = 8;

/** How often what may be done in a moment is tried, and after how many milliseconds again. */
export const attempts = 10;
const betweenAttempts = 20;

export function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, betweenAttempts);
}

/** The file next to a database that remembers its journal's head, so that a cut tail shows. */
export function journalHeadPath(path: string): string {
  const name = basename(path, '.sqlite');
  return join(dirname(path), `${name === 'archive' ? '' : `${name}-`}journal-head.json`);
}

/**
 * The heads in the file next to the archive; null where it is missing.
 * @throws AppError `DISK_FAILED` where it is there and can't be opened or read: nothing is known then
 */
export function readHeadFile(path: string): RememberedHeads | 'damaged' | null {
  const text = patiently(path, 'read', () => textOf(journalHeadPath(path)));
  if (text === null) return null;
  try {
    return toRemembered(JSON.parse(text) as HeadFile) ?? 'damaged';
  } catch {
    return 'damaged';
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return null;
    throw thrown;
  }
}

type HeadsInFile = { current?: unknown };
type SealedInFile = HeadsInFile & { seal?: Seal };
type HeadFile = HeadsInFile & { sealed?: SealedInFile | SealedInFile[] };

function toRemembered(value: HeadFile): RememberedHeads | null {
  const heads = headsOf(value);
  // Files of before have one seal.
  const seals = [value.sealed ?? []].flat().flatMap((sealed) => {
    const of = headsOf(sealed);
    return of && sealed.seal ? [{ ...of, seal: sealed.seal }] : [];
  });
  return heads && { ...heads, seals };
}

function headsOf(value: HeadsInFile): Heads | null {
  const farthest = headOf(value);
  return farthest && { farthest, tip: headOf(value.current) ?? farthest };
}

export function headOf(value: unknown): JournalHead | null {
  const { entries, hash } = (value ?? {}) as Partial<JournalHead>;
  return typeof entries === 'number' && typeof hash === 'string' ? { entries, hash } : null;
}

/**
 * Replaces the file whole, so that there is always one that can be read. With seals it waits for the
 * disk: a power cut must not leave what looks like a seal that was taken away.
 */
export function writeHeadFile(path: string, { seals, ...heads }: RememberedHeads): void {
  const sealed = seals.slice(0, keptSeals).map(({ seal, ...of }) => ({ ...inFile(of), seal }));
  const content = JSON.stringify({ ...inFile(heads), ...(sealed.length > 0 ? { sealed } : {}) });
  const target = journalHeadPath(path);
  const temporary = `${target}.${process.pid}-${threadId}.tmp`;
  try {
    patiently(path, 'written', () => {
      writeFile(temporary, content, sealed.length > 0);
      renameSync(temporary, target);
    });
  } catch (thrown) {
    removeIfPossible(temporary);
    throw thrown;
  }
}

/** Ignores a failed removal: it is not the original failure. */
function removeIfPossible(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // the next one is written over it
  }
}

function writeFile(path: string, content: string, durable: boolean): void {
  const file = openSync(path, 'w', 0o600);
  try {
    writeSync(file, content);
    if (durable) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function inFile({ farthest, tip }: Heads) {
  return farthest.entries > tip.entries ? { ...farthest, current: tip } : tip;
}

/** Other programs may hold the file for a moment, as a virus scanner or a backup does. */
function patiently<Result>(path: string, what: 'read' | 'written', work: () => Result): Result {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return work();
    } catch (thrown) {
      if (attempt === attempts) throw outOfReach(path, what, thrown);
      pause();
    }
  }
}

function outOfReach(path: string, what: 'read' | 'written', thrown: unknown): AppError {
  const why = codeOf(thrown) ?? 'unknown';
  return new AppError({
    code: 'DISK_FAILED',
    message: `The file ${journalHeadPath(path)} could not be ${what} (${why}): it remembers where the journal ends.`,
    hint: 'Look at its permissions and at what keeps it open, then try again.',
    retryable: true,
    cause: thrown,
  });
}

function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : undefined;
}
