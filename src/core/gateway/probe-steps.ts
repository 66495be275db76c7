import type { CallOutput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors.ts';

/** One step of a connection test, in the order of {@link probeSteps}. */
export type ProbeStep = CallOutput<'connections.test'>['steps'][number];

/** A step's outcome: a line to show, or the error that ends the test (with a line, if it has its own). */
export type StepOutcome = { detail: string; caution?: boolean } | { error: AppError };

/** The steps of a connection test, each needing the one before. */
export const probeSteps = [
  'endpoint',
  'name',
  'connect',
  'certificate',
  'clock',
  'route',
  'signature',
  'rights',
  'selector',
] as const satisfies readonly ProbeStep['name'][];
