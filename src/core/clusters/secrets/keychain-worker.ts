import type { KeychainReply, KeychainRequest } from './keychain-process.ts';
import { loadKeytar } from './secret-store.ts';

/** The way back to the console in one of Electron's utility processes, which Node's types do not know. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: KeychainRequest }) => void): void;
  postMessage(reply: KeychainReply): void;
}

/**
 * The keychain's own process: answers the calls of the console that started it and ends with it.
 * It ends by a signal, since a thread that waits for a keyring to be unlocked would hold up an exit;
 * a utility process is ended by Electron.
 */
function serve(): void {
  const { parentPort } = process as { parentPort?: ParentPort };
  if (parentPort) {
    parentPort.on('message', async ({ data }) => parentPort.postMessage(await answer(data)));
    return;
  }
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.on('message', async (request: KeychainRequest) => process.send?.(await answer(request)));
}

async function answer({ id, method, input }: KeychainRequest): Promise<KeychainReply> {
  try {
    return { id, value: await run(method, input) };
  } catch (thrown) {
    return { id, error: thrown instanceof Error ? thrown.message : 'unknown' };
  }
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
