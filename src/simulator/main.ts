import { parseArgs } from 'node:util';
import { startSimulator } from './index.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    users: { type: 'string', default: '240' },
    buckets: { type: 'string', default: '900' },
    seed: { type: 'string', default: '1' },
  },
});

const simulator = await startSimulator({
  port: Number(values.port),
  users: Number(values.users),
  buckets: Number(values.buckets),
  seed: Number(values.seed),
});
const { url, accessKeyId, secretKey } = simulator;
process.stdout.write(`${JSON.stringify({ url, accessKeyId, secretKey })}\n`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void simulator.stop());
}
