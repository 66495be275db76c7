import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Keychain } from './keychain.ts';

/** From the console to the keychain's process. */
export interface KeychainRequest {
  id: number;
  method: 'getPassword' | 'setPassword' | 'deletePassword';
  input: [service: string, account: string, password?: string];
}

/** From the keychain's process to the console. */
export type KeychainReply =
  | { id: number; value: string | boolean | null }
  | { id: number; error: string };

interface Waiting {
  resolve(value: string | boolean | null): void;
  reject(error: Error): void;
}

/** How long the process stays when nothing is asked of it, in milliseconds. */
const idleTime = 2_000;

/**
 * The keychain in a process of its own, started when it is needed and ended soon after. Secrets pass
 * through the pipe between the two alone. A call can be given up by {@link close}.
 */
export class KeychainProcess implements Keychain {
  readonly #entry: URL;
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | null = null;
  #idle: NodeJS.Timeout | undefined;
  #nextId = 1;

  /** @param entry the program that the process runs */
  constructor(entry: URL) {
    this.#entry = entry;
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
    this.#child?.kill('SIGKILL');
  }

  #call(
    method: KeychainRequest['method'],
    input: KeychainRequest['input'],
  ): Promise<string | boolean | null> {
    clearTimeout(this.#idle);
    const child = this.#started();
    const id = this.#nextId++;
    child.ref();
    child.channel?.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      child.send({ id, method, input } satisfies KeychainRequest, (error) => {
        if (error) this.#settle({ id, error: error.message });
      });
    });
  }

  #started(): ChildProcess {
    if (this.#child?.connected) return this.#child;
    const child = fork(fileURLToPath(this.#entry), [], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.on('message', (reply: KeychainReply) => this.#settle(reply));
    child.on('error', () => this.#end(child));
    child.on('exit', () => this.#end(child));
    this.#child = child;
    return child;
  }

  #settle(reply: KeychainReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(new Error(reply.error));
    else waiting?.resolve(reply.value);
    if (this.#waiting.size > 0) return;
    this.#child?.unref();
    this.#child?.channel?.unref();
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.close(), idleTime);
    this.#idle.unref();
  }

  #end(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = null;
    for (const { reject } of this.#waiting.values()) {
      reject(new Error('The process that talks to the keychain ended'));
    }
    this.#waiting.clear();
  }
}
