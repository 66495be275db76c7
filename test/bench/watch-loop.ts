import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** When an event loop stood still, in milliseconds of the machine's clock. */
export type Gap = readonly [from: number, to: number];

/** What stood still for less is no stall: timers come that late on any machine. */
const shortest = 5;

/** The same clock in every process, which that of `performance` is not. */
const clock = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Notes when this process's event loop stands still. Returns how to end that and have the gaps. */
export function recordGaps(): () => Gap[] {
  const gaps: Gap[] = [];
  let last = clock();
  const look = (): void => {
    const now = clock();
    if (now - last > shortest) gaps.push([last, now]);
    last = now;
  };
  const timer = setInterval(look, 1);
  return () => {
    clearInterval(timer);
    look();
    return gaps;
  };
}

/** Stalls of an event loop, in milliseconds. */
export interface Stalls {
  /** The longest, without what the machine took from every process in it. */
  longest: number;
  /** The longest of a process next to it that does nothing. */
  machine: number;
}

const longestOf = (lengths: readonly number[]): number => Math.max(0, ...lengths);

/**
 * Watches this process's event loop, next to that of a process that does nothing: a virtual machine
 * stands still as a whole now and then, and what it took from both is not what is measured here.
 */
export async function watchLoop(): Promise<{ stop(): Promise<Stalls> }> {
  const peer = fork(join(import.meta.dirname, 'idle-peer.ts'));
  await once(peer, 'message');
  const ownGaps = recordGaps();
  return {
    async stop() {
      const own = ownGaps();
      const said = once(peer, 'message');
      peer.send('stop');
      const [machine] = (await said) as [Gap[]];
      return {
        longest: longestOf(own.map((gap) => withoutShared(gap, machine))),
        machine: longestOf(machine.map(([from, to]) => to - from)),
      };
    },
  };
}

function withoutShared([from, to]: Gap, others: readonly Gap[]): number {
  const shared = others.map((other) =>
    Math.max(0, Math.min(to, other[1]) - Math.max(from, other[0])),
  );
  return to - from - shared.reduce((sum, length) => sum + length, 0);
}
