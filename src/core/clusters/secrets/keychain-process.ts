import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { workerEntry } from '../../store/sqlite/worker.ts';
import { type Keychain, loadKeytar } from './secret-store.ts';

export interface KeychainRequest {
  id: number;
  method: 'getPassword' | 'setPassword' | 'deletePassword';
  input: [service: string, account: string, password?: string];
}

export type KeychainReply =
  | { id: number; value: string | boolean | null }
  | { id: number; error: string };

interface KeychainChild {
  /** @param onFailure called where it can no longer be sent */
  send(request: KeychainRequest, onFailure: (message: string) => void): void;
  onReply(listener: (reply: KeychainReply) => void): void;
  onExit(listener: () => void): void;
  /** Whether it may keep this process alive. */
  hold(isHeld: boolean): void;
  kill(): void;
}

/** Starts a program as the keychain's process. */
export type ForkKeychain = (entry: URL) => KeychainChild;

/** Forks it with Node; a program that may not run as Node uses another way. */
const forkOnNode: ForkKeychain = (entry) => {
  const child = fork(fileURLToPath(entry), [], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return {
    send: (request, onFailure) =>
      void child.send(request, (error) => {
        if (error) onFailure(error.message);
      }),
    onReply: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      child.on('error', listener);
      child.on('exit', listener);
      child.on('disconnect', listener);
    },
    hold: (isHeld) => {
      if (isHeld) child.ref();
      else child.unref();
      if (isHeld) child.channel?.ref();
      else child.channel?.unref();
    },
    kill: () => void child.kill('SIGKILL'),
  };
};

interface Waiting {
  resolve(value: string | boolean | null): void;
  reject(error: Error): void;
}

/** How long the process stays when nothing is asked of it, in milliseconds. */
const idleTime = 2_000;

/**
 * The keychain in a separate process, started when it is needed and ended soon after. Secrets pass
 * through the pipe between the two alone. A call can be given up by {@link close}.
 */
export class KeychainProcess implements Keychain {
  readonly #entry: URL;
  readonly #waiting = new Map<number, Waiting>();
  readonly #fork: ForkKeychain;
  #child: KeychainChild | null = null;
  #idle: NodeJS.Timeout | undefined;
  #nextId = 1;

  /** @param entry the program that the process runs */
  constructor(entry: URL, forkKeychain: ForkKeychain = forkOnNode) {
    this.#entry = entry;
    this.#fork = forkKeychain;
  }

  async getPassword(service: string, account: string): Promise<string | null> {
    const value = await this.#call('getPassword', [service, account]);
    return typeof value === 'string' ? value : null;
  }

  async setPassword(service: string, account: string, password: string): Promise<void> {
    await this.#call('setPassword', [service, account, password]);
  }

  async deletePassword(service: string, account: string): Promise<boolean> {
    return (await this.#call('deletePassword', [service, account])) === true;
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#child?.kill();
  }

  #call(
    method: KeychainRequest['method'],
    input: KeychainRequest['input'],
  ): Promise<string | boolean | null> {
    clearTimeout(this.#idle);
    const child = this.#started();
    const id = this.#nextId++;
    child.hold(true);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      child.send({ id, method, input }, (error) => this.#settle({ id, error }));
    });
  }

  #started(): KeychainChild {
    if (this.#child) return this.#child;
    const child = this.#fork(this.#entry);
    child.onReply((reply) => this.#settle(reply));
    child.onExit(() => this.#end(child));
    this.#child = child;
    return child;
  }

  #settle(reply: KeychainReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(new Error(reply.error));
    else waiting?.resolve(reply.value);
    if (this.#waiting.size > 0) return;
    this.#child?.hold(false);
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.close(), idleTime);
    this.#idle.unref();
  }

  #end(child: KeychainChild): void {
    if (this.#child !== child) return;
    this.#child = null;
    for (const { reject } of this.#waiting.values()) {
      reject(new Error('The process that talks to the keychain ended'));
    }
    this.#waiting.clear();
  }
}

/**
 * The keychain of this machine. Nothing is loaded before its first use. On Linux it works in a
 * separate process: with a locked keyring a call waits until the prompt is answered, which in this process
 * could not be cancelled and would delay its end.
 */
export function systemKeychain(
  platform: NodeJS.Platform = process.platform,
  forkKeychain?: ForkKeychain,
): Keychain {
  if (platform === 'linux') {
    return new KeychainProcess(workerEntry(import.meta.url, 'keychain-worker'), forkKeychain);
  }
  return {
    getPassword: async (...call) => (await loadKeytar()).getPassword(...call),
    setPassword: async (...call) => (await loadKeytar()).setPassword(...call),
    deletePassword: async (...call) => (await loadKeytar()).deletePassword(...call),
  };
}
