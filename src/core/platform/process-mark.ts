import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** When a process began, in the system's own measure; empty where the system does not tell. */
function startOf(pid: number): string {
  try {
    // the name of the program before it may hold spaces
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ');
    return fields?.[19] ?? '';
  } catch {
    return '';
  }
}

/**
 * Returns what a process leaves of itself: its machine, its id, and when it began, since ids are given
 * again.
 */
export function processMark(pid: number = process.pid): string {
  return `${hostname()} ${pid} ${startOf(pid)}`.trim();
}

/** Returns whether another process of this machine left this mark and still runs. */
export function isOtherAlive(mark: string): boolean {
  const [host, pid, start = ''] = mark.split(' ');
  if (host !== hostname() || Number(pid) === process.pid) return false;
  try {
    process.kill(Number(pid), 0);
  } catch {
    return false;
  }
  return start === '' || start === startOf(Number(pid));
}

/** Returns whether a process of this machine left this mark and has ended. */
export function isLeftBehind(mark: string): boolean {
  return mark.startsWith(`${hostname()} `) && mark !== processMark() && !isOtherAlive(mark);
}
