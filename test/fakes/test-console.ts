import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemorySecretStore } from '#core/clusters/secrets/secret-store.ts';
import type { Core, CoreOptions } from '#core/core.ts';
import { createCore } from '#core/create-core.ts';
import type { CallInput, CallName, CallOutput, CallReply } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';

/** A whole console on a temporary data directory, with secrets in memory that outlive a restart. */
export class TestConsole {
  readonly dataDir: string;
  readonly #options: Partial<CoreOptions>;
  #core: Core;

  private constructor(dataDir: string, options: Partial<CoreOptions>, core: Core) {
    this.dataDir = dataDir;
    this.#options = options;
    this.#core = core;
  }

  /** Starts one. */
  static async start(options: Partial<CoreOptions> = {}): Promise<TestConsole> {
    const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'ostor-console-test-')));
    const all = { secretStore: new MemorySecretStore(), ...options, dataDir };
    return new TestConsole(dataDir, all, await open(all));
  }

  /** The console at work. */
  get core(): Core {
    return this.#core;
  }

  /** What a caller gets, errors as data. */
  reply(name: string, input: unknown): Promise<CallReply> {
    return this.#core.dispatch(name, input, { signal: new AbortController().signal });
  }

  /** The value of a call; rejects with its `AppError`. */
  async call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>> {
    const reply = await this.reply(name, input);
    if (!reply.ok) throw AppError.fromData(reply.error);
    return reply.value as CallOutput<Name>;
  }

  /** Closes the console and starts another on the same data, after what is done to it meanwhile. */
  async restart(meanwhile?: () => Promise<void>): Promise<void> {
    await this.#core.close();
    await meanwhile?.();
    this.#core = await open({ ...this.#options, dataDir: this.dataDir });
  }

  /** Closes the console and removes its data. */
  async end(): Promise<void> {
    await this.#core.close();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

function open(options: Partial<CoreOptions> & { dataDir: string }): Promise<Core> {
  // a busy machine is no failure: where the end of it is not what is tested, it takes as long as it takes
  const closePatience = { whole: 120_000, each: 1_000 };
  return createCore({
    shell: 'web',
    version: 'test',
    checkOutputs: true,
    closePatience,
    ...options,
  });
}
