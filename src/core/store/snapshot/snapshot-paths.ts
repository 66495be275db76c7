import { join } from 'node:path';

/** The snapshot's file in a connection's directory. */
export function snapshotPath(directory: string): string {
  return join(directory, 'snapshot.sqlite');
}

/** The file a refresh builds beside it, named for this process so that two never share one. */
export function nextSnapshotPath(directory: string): string {
  return join(directory, `snapshot.next-${process.pid}.sqlite`);
}

/** Whether a file was being built by a process that is gone, or by an earlier life of this one. */
export function isLeftNextSnapshot(name: string): boolean {
  const processId = /^snapshot\.next-(\d+)\.sqlite/.exec(name)?.[1];
  return processId !== undefined && (Number(processId) === process.pid || !runs(Number(processId)));
}

function runs(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
