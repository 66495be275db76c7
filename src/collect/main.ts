import { endProcess } from '#core/end-process.ts';
import { collectOnce } from './collect-once.ts';
import { readCollectorOptions } from './options.ts';
import { isWholeRefresh } from './refresh-once.ts';
import { runHeadless } from './run-headless.ts';

const status = await runHeadless(readCollectorOptions, async (core, options, signal) => {
  const report = await collectOnce(core, options, signal);
  const { failed, listComplete, removalHeldBack, refresh } = report;
  const isWhole =
    failed === 0 &&
    listComplete &&
    removalHeldBack === null &&
    !('error' in refresh) &&
    isWholeRefresh(refresh);
  return { isWhole, report };
});
await endProcess(status);
