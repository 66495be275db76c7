import { flushCompileCache } from 'node:module';
import { openOperationsCore } from '#test/integration/operations/operations-core.ts';

/** Runs or continues a bulk run in a separate process, which its parent kills in the middle. */
const { runId, resume, ...peer } = JSON.parse(process.argv[2] ?? '{}') as {
  runId: string;
  resume: boolean;
  url: string;
  accessKeyId: string;
  secretKey: string;
  directory: string;
};

// the next one starts quicker; a killed process would not leave it behind
flushCompileCache();
const core = await openOperationsCore(peer);
const { taskId } = resume
  ? await core.call('bulk.resume', { runId })
  : await core.call('bulk.apply', { runId });
const { state } = await core.ended(taskId);
await core.close();
process.stdout.write(`${state}\n`);
