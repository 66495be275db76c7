import { readRefreshOptions } from './options.ts';
import { isWholeRefresh, refreshOnce } from './refresh-once.ts';
import { runHeadless } from './run-headless.ts';

process.exitCode = await runHeadless(readRefreshOptions, async (core, options, signal) => {
  const report = await refreshOnce(core, options, signal);
  return { isWhole: isWholeRefresh(report), report };
});
