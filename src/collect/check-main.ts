import { endProcess } from '#core/end-process.ts';
import { checkOnce } from './check-once.ts';
import { readCheckOptions } from './options.ts';
import { runHeadless } from './run-headless.ts';

let exitStatus = 3;
const status = await runHeadless(readCheckOptions, async (core, options, signal) => {
  const checked = await checkOnce(core, options, signal);
  exitStatus = checked.exitStatus;
  return { isWhole: exitStatus === 0, report: checked.report };
});
// what kept it from looking at all is UNKNOWN to a monitoring system
await endProcess(status === 130 ? 130 : exitStatus);
