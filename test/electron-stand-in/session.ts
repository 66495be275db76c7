type Check = (contents: unknown, permission: string, origin: string, details: object) => boolean;
type Ask = (
  contents: unknown,
  permission: string,
  answer: (granted: boolean) => void,
  details: object,
) => void;
type BeforeRequest = (
  details: { url: string },
  answer: (response: { cancel?: boolean }) => void,
) => void;

class StandInSession {
  #check: Check | null = null;
  #ask: Ask | null = null;
  #beforeRequest: BeforeRequest | null = null;

  setPermissionRequestHandler(handler: Ask | null): void {
    this.#ask = handler;
  }

  setPermissionCheckHandler(handler: Check | null): void {
    this.#check = handler;
  }

  setDevicePermissionHandler(_handler: unknown): void {
    // there are no devices to ask for
  }

  /** Whether a page gets a permission: as in Electron, it does where no handler refuses it. */
  async grants(contents: unknown, permission: string, origin: string): Promise<boolean> {
    const details = { isMainFrame: true, requestingUrl: origin };
    const checked = this.#check?.(contents, permission, origin, details) ?? true;
    const ask = this.#ask;
    // the page is asked about before it is there: the address it will have is what counts
    const asked = { getURL: () => origin };
    return (
      checked &&
      (ask === null ||
        (await new Promise<boolean>((answer) => ask(asked, permission, answer, details))))
    );
  }

  readonly webRequest = {
    onBeforeRequest: (listener: BeforeRequest | null): void => {
      this.#beforeRequest = listener;
    },
  };

  /** Whether a listener cancels a request of this session. */
  cancels(url: string): Promise<boolean> {
    const listener = this.#beforeRequest;
    if (!listener) return Promise.resolve(false);
    return new Promise((resolve) => listener({ url }, ({ cancel = false }) => resolve(cancel)));
  }

  async resolveProxy(_url: string): Promise<string> {
    // what a PAC file answers: alternatives, in order
    return process.env.STAND_IN_PROXY ?? 'DIRECT';
  }
}

const partitions = new Map<string, StandInSession>();

/** Stand-in for Electron's `session`. */
export const session = {
  defaultSession: new StandInSession(),
  fromPartition: (name: string): StandInSession => {
    const found = partitions.get(name) ?? new StandInSession();
    partitions.set(name, found);
    return found;
  },
};

/** A session of the stand-in. */
export type Session = StandInSession;
