import { AppError } from '#shared/errors.ts';

type CloseStep = () => Promise<void> | void;

/** How long ending may take, milliseconds. */
export interface ClosePatience {
  /** All steps together. */
  whole: number;
  /** Time reserved for each later step, however long an earlier one hangs. */
  each: number;
}

/** With what a shell ends itself in addition to core, within the 15 s that shutting down may take. */
const usualPatience: ClosePatience = { whole: 12_000, each: 500 };

/** The error for calls during shutdown: nothing may be opened again. */
export function shuttingDown(): AppError {
  return new AppError({
    code: 'CANCELLED',
    message: 'Shutting down.',
    hint: 'Start the console again.',
  });
}

/** Steps that did not end in time; they end with the process. */
export class ClosedLate extends AppError {
  /** @param steps names of what hangs */
  constructor(steps: readonly string[]) {
    super({
      code: 'TIMED_OUT',
      message: `Shutting down did not wait any longer for: ${steps.join(', ')}.`,
      hint: 'What was not finished is resumed at the next start; check the disk and the gateway.',
      details: { steps },
    });
  }
}

/**
 * Ends what was started, step by step: each once however often the end is asked for, and also after
 * a step that failed or hangs. When all is done the first failure is thrown, `ClosedLate` before any other.
 * @param patience undefined: 12 s
 * @param steps by name, in their order
 */
export function closeInOrder(
  patience: ClosePatience | undefined,
  steps: Readonly<Record<string, CloseStep>>,
): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= closeAll(Object.entries(steps), patience ?? usualPatience);
    return done;
  };
}

async function closeAll(
  steps: readonly (readonly [string, CloseStep])[],
  { whole, each }: ClosePatience,
): Promise<void> {
  const end = performance.now() + whole;
  const failures: unknown[] = [];
  const late: string[] = [];
  for (const [index, [name, step]] of steps.entries()) {
    const left = end - performance.now() - each * (steps.length - 1 - index);
    const ended = Promise.resolve()
      .then(step)
      .catch((thrown: unknown) => failures.push(thrown));
    if (!(await isWithin(ended, Math.max(each, left)))) late.push(name);
  }
  if (late.length > 0) throw new ClosedLate(late);
  if (failures.length > 0) throw failures[0];
}

async function isWithin(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), milliseconds);
  work.then(() => resolve(true));
  return promise.finally(() => clearTimeout(timer));
}
