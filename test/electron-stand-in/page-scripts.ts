/**
 * What runs in the page, written into it as source: these functions use nothing from around them.
 * The preload script runs in a world of its own, as Electron's context isolation has it; what it
 * exposes reaches the page's world through events that carry JSON.
 */

type Pack = (value: unknown) => string;
type Unpack = (text: string) => unknown;

/** The preload's world: `electron` as a sandboxed preload script finds it, then the script itself. */
export function preloadWorld(
  runPreload: (require: (name: string) => unknown) => void,
  pack: Pack,
  unpack: Unpack,
): void {
  if (window !== window.top) return;
  type Listener = (event: unknown, ...args: unknown[]) => void;
  interface Waiting {
    resolve(value: unknown): void;
    reject(error: Error): void;
  }
  const world = globalThis as unknown as {
    standInSend(message: string): void;
    standInReceive(message: string): void;
  };
  const waiting = new Map<number, Waiting>();
  const listeners = new Map<string, Set<Listener>>();
  let lastId = 0;

  const tellShell = (message: object): void => {
    world.standInSend(JSON.stringify({ ...message, url: window.location.href }));
  };

  const ipcRenderer = {
    // throws where an argument can't be cloned, as Electron's does, and so rejects for whoever waits
    invoke: async (channel: string, ...args: unknown[]): Promise<unknown> => {
      lastId += 1;
      const id = lastId;
      tellShell({ id, channel, args: pack(args) });
      return await new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    },
    send: (channel: string, ...args: unknown[]): void => tellShell({ channel, args: pack(args) }),
    on: (channel: string, listener: Listener): void => {
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener));
    },
    removeListener: (channel: string, listener: Listener): void => {
      listeners.get(channel)?.delete(listener);
    },
  };

  world.standInReceive = (text) => {
    const message = JSON.parse(text);
    if (message.kind === 'event') {
      const args = unpack(message.args) as unknown[];
      for (const listener of listeners.get(message.channel) ?? []) listener({}, ...args);
      return;
    }
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.kind === 'value') call?.resolve(unpack(message.value));
    else call?.reject(new Error(message.text));
  };

  // asked for once the page's own listeners had their say; a page that prevents it has a menu of its own
  window.addEventListener('contextmenu', (event) => {
    setTimeout(() => {
      if (event.defaultPrevented) return;
      const at = event.target as HTMLElement;
      const isEditable = at.matches('input, textarea, [contenteditable=true]');
      tellShell({ menu: { isEditable, selectionText: String(window.getSelection()) } });
    });
  });

  type Exposed = Record<string, (...args: unknown[]) => unknown>;
  const exposed = new Map<string, Exposed>();
  const returned = new Map<number, (...args: unknown[]) => unknown>();
  const tell = (message: unknown): void => {
    window.dispatchEvent(new CustomEvent('stand-in:page', { detail: JSON.stringify(message) }));
  };
  const announce = (): void => {
    for (const [name, api] of exposed) tell({ kind: 'exposed', name, keys: Object.keys(api) });
  };

  // functions cross as numbers that the other world can call
  const revive = (argument: { functionId?: number; value?: string }): unknown =>
    argument.functionId === undefined
      ? unpack(argument.value ?? 'null')
      : (...args: unknown[]) =>
          tell({ kind: 'callback', functionId: argument.functionId, args: pack(args) });

  window.addEventListener('stand-in:preload', (event) => {
    const message = JSON.parse((event as CustomEvent<string>).detail);
    if (message.kind === 'hello') return announce();
    const target =
      message.functionId === undefined
        ? exposed.get(message.name)?.[message.key]
        : returned.get(message.functionId);
    const result = target?.(...message.args.map(revive));
    if (result instanceof Promise) {
      tell({ kind: 'promise', id: message.id });
      result.then(
        (value) => tell({ kind: 'settled', id: message.id, value: pack(value) }),
        (error: Error) => tell({ kind: 'settled', id: message.id, text: error.message }),
      );
    } else if (typeof result === 'function') {
      returned.set(message.id, result as (...args: unknown[]) => unknown);
      tell({ kind: 'function', id: message.id });
    } else tell({ kind: 'returned', id: message.id, value: pack(result) });
  });

  const contextBridge = {
    exposeInMainWorld: (name: string, api: Exposed): void => {
      exposed.set(name, api);
      announce();
    },
  };

  runPreload((name) => {
    if (name === 'electron') return { contextBridge, ipcRenderer };
    throw new Error(`module not found: ${name}`); // the words of a sandboxed preload's require
  });
}

/** The page's world: puts what the preload exposes on `window`. */
export function pageWorld(pack: Pack, unpack: Unpack): void {
  if (window !== window.top) return;
  interface Waiting {
    resolve(value: unknown): void;
    reject(error: Error): void;
  }
  const callbacks = new Map<number, (...args: unknown[]) => void>();
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let answer: { kind: string; id: number; value?: string } | null = null;

  const cross = (argument: unknown): { functionId?: number; value?: string } => {
    if (typeof argument !== 'function') return { value: pack(argument) };
    lastId += 1;
    callbacks.set(lastId, argument as (...args: unknown[]) => void);
    return { functionId: lastId };
  };
  const call = (target: object, args: unknown[]): unknown => {
    lastId += 1;
    const id = lastId;
    let crossing: object[];
    try {
      crossing = args.map(cross);
    } catch (error) {
      // a function inside crosses the bridge as a proxy; it is the shell's call that refuses to clone it
      return Promise.reject(error);
    }
    const detail = JSON.stringify({ kind: 'call', id, args: crossing, ...target });
    // listeners of the other world run before dispatchEvent returns, and so does their answer
    window.dispatchEvent(new CustomEvent('stand-in:preload', { detail }));
    if (answer?.kind === 'function') return (...rest: unknown[]) => call({ functionId: id }, rest);
    if (answer?.kind !== 'promise') return unpack(answer?.value ?? 'null');
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  };

  window.addEventListener('stand-in:page', (event) => {
    const message = JSON.parse((event as CustomEvent<string>).detail);
    if (message.kind === 'callback') {
      callbacks.get(message.functionId)?.(...(unpack(message.args) as unknown[]));
    } else if (message.kind === 'settled') {
      const { resolve, reject } = waiting.get(message.id) ?? {};
      waiting.delete(message.id);
      if (message.text === undefined) resolve?.(unpack(message.value));
      else reject?.(new Error(message.text));
    } else if (message.kind === 'exposed') {
      const api = Object.fromEntries(
        (message.keys as string[]).map((key) => [
          key,
          (...args: unknown[]) => call({ name: message.name, key }, args),
        ]),
      );
      Object.defineProperty(window, message.name, {
        value: Object.freeze(api),
        configurable: true,
      });
    } else answer = message;
  });
  const hello = JSON.stringify({ kind: 'hello' });
  window.dispatchEvent(new CustomEvent('stand-in:preload', { detail: hello }));
}
