import { createGateway } from '#core/gateway/create-gateway.ts';
import { toAppError } from '#shared/errors.ts';

// A separate process that lists the users of the gateway its argument describes, and prints their
// count or the code of the error: what a machine's own certificates are is settled when Node starts.
const target = JSON.parse(process.argv[2] ?? '{}') as {
  endpoint: string;
  accessKeyId: string;
  secretKey: string;
};
const gateway = createGateway({ ...target, signature: 'v2', proxy: null, maxConnections: 1 });
try {
  process.stdout.write(String((await gateway.listUsers()).length));
} catch (thrown) {
  process.stdout.write(toAppError(thrown).code);
}
await gateway.close();
