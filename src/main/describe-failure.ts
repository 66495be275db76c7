/** An error's name and where it arose. Its message is omitted: it may hold what must not be shown. */
export function describeFailure(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'An unknown failure';
  const frames = (thrown.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [thrown.name, ...frames].join('\n');
}
