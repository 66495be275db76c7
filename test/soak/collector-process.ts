import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { programPath } from '#test/program-path.ts';
import type { CollectOrder } from './collect-child.ts';

/** A collector in a separate process, which waits for its order. */
export class CollectorProcess {
  readonly #child: ChildProcess;
  readonly #ready: Promise<unknown>;
  readonly #ended: Promise<unknown>;

  constructor() {
    this.#child = fork(programPath(import.meta.url, './collect-child.ts'), { stdio: 'inherit' });
    this.#ready = once(this.#child, 'message');
    this.#ended = once(this.#child, 'exit');
  }

  /** Lets it begin. */
  async begin(order: CollectOrder): Promise<void> {
    await this.#ready;
    this.#child.send(order);
  }

  /** Whether it has ended on its own. */
  get hasEnded(): boolean {
    return this.#child.exitCode !== null;
  }

  /** Waits until so much is done, or it has ended on its own. */
  async reaches(isDue: () => boolean): Promise<void> {
    while (!isDue() && !this.hasEnded) await pause(1);
  }

  /** Kills it once so much is done, or it has ended on its own. */
  async killWhen(isDue: () => boolean, after: number): Promise<void> {
    await this.reaches(isDue);
    await pause(after);
    await this.kill();
  }

  /** Kills it. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
