import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { ClosedLate } from './platform/close-in-order.ts';

/** Shutting down takes no longer, whatever hangs; milliseconds. */
const longestShutdown = 15_000;

function kill(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('The process is still running after it was killed.');
}

/**
 * Ends this process some time after it was asked to end, however far its closing has come. Call it
 * when the signal comes.
 */
export function endInAnyCase(): void {
  setTimeout(() => {
    writeSync(2, `Shutting down took longer than ${longestShutdown / 1000} s: ended as it is.\n`);
    kill();
  }, longestShutdown).unref();
}

/**
 * Kills this process where closing it was late. A thread or a file operation that hangs would hold
 * up an orderly exit for as long as it hangs.
 * @param failure what closing threw; thrown again where it was in time
 */
export function endIfLate(failure: unknown): never {
  if (!(failure instanceof ClosedLate)) throw failure;
  writeSync(2, `${failure.message}\n`);
  kill();
}

/** File operations under way get so long to end, milliseconds. */
const fileGrace = 500;

/**
 * Ends this process now that all is closed, once its last lines were written: closed means closed. An
 * orderly exit waits for every file operation, so that one that hangs ends in a kill instead.
 */
export async function endProcess(status: number): Promise<void> {
  process.exitCode = status;
  // whoever read the lines may be gone
  process.stdout.on('error', () => undefined);
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  await killIfFilesHang();
  process.exit(status);
}

/** Kills this process where a file operation does not end: exiting would wait for it. */
export async function killIfFilesHang(): Promise<void> {
  const end = performance.now() + fileGrace;
  while (filesUnderWay() && performance.now() < end) await pause(10);
  if (!filesUnderWay()) return;
  writeSync(2, 'A file operation hangs: ended without it. Check the disk.\n');
  kill();
}

function filesUnderWay(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));
}
