import { endProcess } from '#core/end-process.ts';
import { billOnce, isWholeBill } from './bill-once.ts';
import { readBillOptions } from './options.ts';
import { runHeadless } from './run-headless.ts';

const status = await runHeadless(readBillOptions, async (core, options, signal) => {
  const report = await billOnce(core, options, signal);
  return { isWhole: isWholeBill(report), report };
});
await endProcess(status);
