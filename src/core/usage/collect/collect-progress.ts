import { formatCounted } from '#shared/counted.ts';
import type { TaskControls } from '../../platform/tasks/task-registry.ts';

/** Over how long the rate is taken, milliseconds. */
const rateWindow = 5000;
/** How often the rate is calculated again, milliseconds. */
const tellEvery = 100;

/** Tells a task how far a collection is: objects done, rate, time left. */
export class CollectProgress {
  readonly #controls: Pick<TaskControls, 'progress'>;
  readonly #recent: { at: number; done: number }[] = [];
  #done = 0;
  #failed = 0;
  #total = 0;
  /** Whether the gateway's list was read to its end: before that, nobody knows how many there are. */
  #isListed = false;
  #stage = 'Collecting';

  constructor(controls: Pick<TaskControls, 'progress'>) {
    this.#controls = controls;
  }

  /** More objects were found. */
  expect(objects: number): void {
    this.#total += objects;
    this.#tell();
  }

  /** The list was read to its end: no more are found, but what comes to light by deletions. */
  listed(): void {
    this.#isListed = true;
    this.#tell();
  }

  /** One object is processed. */
  step(): void {
    this.#done += 1;
    this.#tell();
  }

  /** One object is given up. */
  fail(): void {
    this.#failed += 1;
    this.step();
  }

  #tell(): void {
    const at = performance.now();
    const last = this.#recent.at(-1);
    if (!last || at - last.at >= tellEvery) {
      this.#recent.push({ at, done: this.#done });
      while ((this.#recent[0]?.at ?? at) < at - rateWindow) this.#recent.shift();
      this.#stage = this.#words(at);
    }
    this.#controls.progress({
      done: this.#done,
      total: this.#isListed ? this.#total : null,
      failed: this.#failed,
      stage: this.#stage,
    });
  }

  #words(at: number): string {
    const first = this.#recent[0];
    const seconds = first ? (at - first.at) / 1000 : 0;
    if (!first || seconds < 0.5) return 'Collecting';
    const rate = (this.#done - first.done) / seconds;
    if (rate <= 0) return 'Waiting for the gateway';
    if (!this.#isListed) return `${rateWords(rate)}, still listing`;
    const left = Math.ceil((this.#total - this.#done) / rate);
    return `${rateWords(rate)}, ${formatSeconds(left)} left`;
  }
}

/** A rate in words: `1 object/s`, `2.5 objects/s`, `1,200 objects/s`. */
export function rateWords(perSecond: number): string {
  const rounded = perSecond >= 10 ? Math.round(perSecond) : Math.round(perSecond * 10) / 10;
  return `${formatCounted(rounded, 'object')}/s`;
}

function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
