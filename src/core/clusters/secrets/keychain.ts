/** The operating system's keychain, as keytar offers it: one text for each service and account. */
export interface Keychain {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  /** Yields whether there was something to delete. */
  deletePassword(service: string, account: string): Promise<boolean>;
  /** Gives up what is under way. */
  close?(): void;
}
