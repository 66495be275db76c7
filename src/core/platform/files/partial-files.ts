import { randomBytes } from 'node:crypto';

/** Hidden, so that whoever reads a folder of data files passes over it. */
const pattern = /^\..+\.(\d+)-[0-9a-f]{16}\.partial$/;

/**
 * The name of a file until it is whole. It tells which process writes it, so that what a killed one
 * left behind is known as such.
 */
export function partialName(name: string): string {
  return `.${name}.${process.pid}-${randomBytes(8).toString('hex')}.partial`;
}

/** Whether a name is that of a file which its writer can't finish any more. */
export function isLeftPartial(name: string): boolean {
  const writer = pattern.exec(name)?.[1];
  return writer !== undefined && !isProcessRunning(Number(writer));
}

/** Whether a process is there. One that took the number since only delays what waits for its end. */
export function isProcessRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}
