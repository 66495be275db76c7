import { ensureBundle } from './bundle.js';
import { ensureDependencies } from './dependencies.js';
import { say } from './say.js';

/**
 * Makes the clone ready: dependencies as locked, and the build where it is asked for and stale.
 * Needs nothing but Node's own modules, and prints to standard error alone.
 */
export async function setUp({ bundle = false } = {}) {
  await ensureDependencies();
  if (bundle) await ensureBundle();
}

/**
 * Runs a command's body and ends the process with the status it yields; what it throws is shown in
 * one line.
 * @param body yields the exit status
 */
export async function command(body) {
  try {
    process.exitCode = await body(process.argv.slice(2));
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
