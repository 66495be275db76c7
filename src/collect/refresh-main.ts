import { endProcess } from '#core/end-process.ts';
import { readRefreshOptions } from './options.ts';
import { isWholeRefresh, refreshOnce } from './refresh-once.ts';
import { runHeadless } from './run-headless.ts';

const status = await runHeadless(readRefreshOptions, async (core, options, signal) => {
  const report = await refreshOnce(core, options, signal);
  return { isWhole: isWholeRefresh(report), report };
});
await endProcess(status);
