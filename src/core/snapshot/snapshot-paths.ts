import { join } from 'node:path';

/** The snapshot's file in a connection's directory. */
export function snapshotPath(directory: string): string {
  return join(directory, 'snapshot.sqlite');
}

/** The file a refresh builds beside it, named for this process so that two never share one. */
export function nextSnapshotPath(directory: string): string {
  return join(directory, `snapshot.next-${process.pid}.sqlite`);
}
