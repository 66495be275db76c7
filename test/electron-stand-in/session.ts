type PermissionCheck = (contents: unknown, permission: string, origin: string) => boolean;

class StandInSession {
  checkPermission: PermissionCheck = () => true;

  setPermissionRequestHandler(_handler: unknown): void {
    // Chromium asks nobody when it runs without a head: what is granted is decided by the check
  }

  setPermissionCheckHandler(handler: PermissionCheck): void {
    this.checkPermission = handler;
  }

  setDevicePermissionHandler(_handler: unknown): void {
    // there are no devices to ask for
  }

  async resolveProxy(_url: string): Promise<string> {
    // what a PAC file answers: alternatives, in order
    return process.env.STAND_IN_PROXY ?? 'DIRECT';
  }
}

/** Stands in for Electron's `session`. */
export const session = { defaultSession: new StandInSession() };
