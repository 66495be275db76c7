/**
 * Ends what was started, step by step: each once however often the end is asked for, and also after
 * a step that failed. The first failure is thrown when all is done.
 */
export function closeInOrder(steps: readonly (() => Promise<void> | void)[]): () => Promise<void> {
  const all = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const step of steps) {
      await Promise.resolve()
        .then(step)
        .catch((thrown: unknown) => failures.push(thrown));
    }
    if (failures.length > 0) throw failures[0];
  };
  let done: Promise<void> | undefined;
  return () => {
    done ??= all();
    return done;
  };
}
