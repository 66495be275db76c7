import type { KeychainReply, KeychainRequest } from './keychain-process.ts';
import { loadKeytar } from './load-keytar.ts';

/**
 * The keychain's own process: answers the calls of the console that started it and ends with it.
 * It ends by a signal, since a thread that waits for a keyring to be unlocked would hold up an exit.
 */
function serve(): void {
  const reply = (message: KeychainReply): unknown => process.send?.(message);
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.on('message', async ({ id, method, input }: KeychainRequest) => {
    try {
      reply({ id, value: await run(method, input) });
    } catch (thrown) {
      reply({ id, error: thrown instanceof Error ? thrown.message : 'unknown' });
    }
  });
}

async function run(
  method: KeychainRequest['method'],
  [service, account, password]: KeychainRequest['input'],
): Promise<string | boolean | null> {
  const keytar = await loadKeytar();
  if (method === 'getPassword') return keytar.getPassword(service, account);
  if (method === 'deletePassword') return keytar.deletePassword(service, account);
  await keytar.setPassword(service, account, password ?? '');
  return null;
}

serve();
