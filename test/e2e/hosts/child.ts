import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Collects what a process writes to standard error, for a failed test's report. */
export function collectStderr(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return () => text;
}

/** Asks a process to end and waits until it has. Yields its exit status, null where a signal ended it. */
export async function endChild(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
  return child.exitCode;
}
