/** One result: `target` is the bound in words, null where there is none. */
export interface BenchRow {
  name: string;
  value: number;
  unit: string;
  target: string | null;
  ok: boolean;
}

/** A result that fails the bench beyond `most`. */
export function atMost(name: string, value: number, unit: string, most: number): BenchRow {
  return { name, value, unit, target: `<= ${most}`, ok: value <= most };
}

/** A result that fails the bench below `least`. */
export function atLeast(name: string, value: number, unit: string, least: number): BenchRow {
  return { name, value, unit, target: `>= ${least}`, ok: value >= least };
}

/** A result for the reader, without a bound. */
export function known(name: string, value: number, unit: string): BenchRow {
  return { name, value, unit, target: null, ok: true };
}

/** Prints the results as a table; the process fails where one is out of bounds. */
export function report(rows: readonly BenchRow[]): void {
  console.table(rows.map((row) => ({ ...row, value: Number(row.value.toPrecision(4)) })));
  process.exitCode = rows.every(({ ok }) => ok) ? 0 : 1;
}
