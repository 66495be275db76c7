import { createGateway } from '#core/gateway/create-gateway.ts';

/** What the test tells this program: how many large answers to take at once. */
export interface LargeAnswersOrder {
  endpoint: string;
  lanes: number;
}

// A separate process, whose memory is its own: what it reached at most is printed in MiB.
const { endpoint, lanes } = JSON.parse(process.argv[2] ?? '{}') as LargeAnswersOrder;
const gateway = createGateway({
  endpoint,
  accessKeyId: '0123456789abcdefABCD',
  secretKey: 'secret',
  signature: 'v2',
  proxy: null,
  maxConnections: lanes,
});
const name = 's3-usage-0123456789abcdef-2026-01-01T00:00:00.000Z-1800';
const sizes = await Promise.all(
  Array.from({ length: lanes }, async () => (await gateway.getUsageObject(name)).byteLength),
);
await gateway.close();
const mostMiB = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(JSON.stringify({ sizes, mostMiB }));
