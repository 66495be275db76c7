/** Round steps of a scale that counts in thousands. */
const decimalSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500];
/** Round steps of a scale that counts in 1024s. */
const binarySteps = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/**
 * Three to six round marks from zero to at least the largest value.
 * @param largest the largest value drawn
 * @param base 1024 for bytes, 1000 for counts
 */
export function axisTicks(largest: number, base: 1000 | 1024): number[] {
  const steps = base === 1024 ? binarySteps : decimalSteps;
  const wanted = Math.max(largest, 1) / 4;
  let scale = 1;
  while (wanted > (steps.at(-1) ?? 1) * scale) scale *= base;
  const step = (steps.find((candidate) => candidate * scale >= wanted) ?? 1) * scale;
  const count = Math.max(1, Math.ceil(largest / step));
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}
