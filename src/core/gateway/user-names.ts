import { AppError, notFound, toAppError } from '#shared/errors.ts';
import type {
  Gateway,
  GatewayUser,
  GatewayUserDetail,
  NamedOptions,
  NamedUser,
  RequestOptions,
  UserNaming,
  UserSelector,
} from './model/gateway.ts';

export type SelectorName = 'emailAddress' | 'id';

/** Yields what was last listed of users; asked before every naming. */
export interface UserDirectory {
  /** Null where no user of that id was listed. */
  find(userId: string): Promise<{ email: string; shared: boolean } | null>;
}

interface UserNamesParts {
  readings: Pick<Gateway, 'listUsers' | 'getUser'>;
  directory?: UserDirectory | undefined;
  selectors?: (() => readonly SelectorName[] | undefined) | undefined;
  onSelectorsFound?: ((selectors: readonly SelectorName[]) => void) | undefined;
  clock: () => Date;
}

/** How long a reading vouches for it that an e-mail is a user's, milliseconds. For readings alone. */
const provenFor = 30_000;
/** How long a name that only the gateway's own list had is kept, milliseconds. */
const listedFor = 60_000;
/** More of them are not kept. */
const mostListed = 10_000;

interface Listed {
  email: string;
  shared: boolean;
}

/**
 * Names users to the gateway: by `emailAddress`, as the guide does, where that e-mail is one user's;
 * by `id` where it is shared and the gateway takes ids, which is found out at the first need.
 */
export class UserNames {
  readonly #parts: UserNamesParts;
  readonly #proven = new Map<string, number>();
  readonly #listed = new Map<string, Listed & { until: number }>();
  #found: readonly SelectorName[] | undefined;
  #listing: Promise<GatewayUser[]> | null = null;

  constructor(parts: UserNamesParts) {
    this.#parts = parts;
  }

  async name(userId: string, options: RequestOptions = {}): Promise<UserNaming> {
    const listed =
      (await this.#parts.directory?.find(userId)) ?? (await this.#list(userId, options));
    return this.#naming(userId, listed, options);
  }

  async find(userId: string, options: NamedOptions = {}): Promise<NamedUser> {
    if (options.naming) return this.#read(options.naming, options);
    const naming = await this.name(userId, options);
    try {
      return await this.#read(naming, options);
    } catch (thrown) {
      const isOutdated = ['TARGET_CHANGED', 'NOT_FOUND'].includes(toAppError(thrown).code);
      if (!isOutdated && !refusesSelector(thrown)) throw thrown;
      if (refusesSelector(thrown) && naming.selector && 'id' in naming.selector) {
        this.#learn(['emailAddress']);
      }
      // What was listed has changed: the gateway's own list says what is.
      const now = await this.#naming(userId, await this.#list(userId, options, true), options);
      return this.#read(now, options);
    }
  }

  /** See {@link Gateway.selectorFor}. */
  async selectorFor(userId: string, options: RequestOptions = {}): Promise<UserSelector> {
    const naming = await this.name(userId, options);
    const isProven = (this.#proven.get(userId) ?? 0) > this.#now();
    if (naming.selector && ('id' in naming.selector || isProven)) return naming.selector;
    const { naming: found } = await this.find(userId, options);
    if (found.selector === null) throw unnameable(found);
    return found.selector;
  }

  /**
   * A shared e-mail still names one of its users; where the answer is this one, it may be shown. What
   * changes a user is not sent by it.
   */
  async #read(naming: UserNaming, options: RequestOptions): Promise<NamedUser> {
    const { userId, email, selector } = naming;
    if (selector === null && email === '') return { naming, user: null };
    try {
      const user = await this.#parts.readings.getUser(selector ?? { email, ofId: userId }, options);
      this.#proven.delete(userId);
      this.#proven.set(userId, this.#now() + provenFor);
      const [oldest] = this.#proven.keys();
      if (this.#proven.size > mostListed && oldest !== undefined) this.#proven.delete(oldest);
      return { naming, user };
    } catch (thrown) {
      if (selector !== null || toAppError(thrown).code !== 'TARGET_CHANGED') throw thrown;
      return { naming, user: null };
    }
  }

  async #naming(userId: string, listed: Listed, options: RequestOptions): Promise<UserNaming> {
    const { email, shared } = listed;
    const byEmail = !shared && email !== '';
    const known = this.#selectors();
    const naming = { userId, email, shared };
    if (byEmail && known?.includes('emailAddress') !== false) {
      return { ...naming, selector: { email, ofId: userId } };
    }
    const takesIds = known?.includes('id') ?? (await this.#tryId(userId, options));
    return { ...naming, selector: takesIds ? { id: userId } : null };
  }

  /** Finds out whether the gateway takes ids, by asking for this one. */
  async #tryId(userId: string, options: RequestOptions): Promise<boolean> {
    try {
      await this.#parts.readings.getUser({ id: userId }, options);
      this.#learn(['emailAddress', 'id']);
      return true;
    } catch (thrown) {
      if (!refusesSelector(thrown)) throw thrown;
      this.#learn(['emailAddress']);
      return false;
    }
  }

  /** Looks a user up in the gateway's own list. @throws `NOT_FOUND` */
  async #list(userId: string, options: RequestOptions, asked = false): Promise<Listed> {
    const kept = this.#listed.get(userId);
    if (kept && !asked && kept.until > this.#now()) return kept;
    const users = await this.#whole(options);
    const user = users.find((candidate) => candidate.userId === userId);
    if (!user) throw gone(userId);
    const listed = { email: user.email, shared: isShared(users, user) };
    if (this.#listed.size >= mostListed) this.#listed.clear();
    this.#listed.set(userId, { ...listed, until: this.#now() + listedFor });
    return listed;
  }

  /** The whole list; who asks while it comes is given the same. */
  #whole(options: RequestOptions): Promise<GatewayUser[]> {
    const listing = this.#listing ?? this.#parts.readings.listUsers(options);
    this.#listing = listing;
    const end = (): void => {
      if (this.#listing === listing) this.#listing = null;
    };
    listing.then(end, end);
    return listing;
  }

  #selectors(): readonly SelectorName[] | undefined {
    return this.#parts.selectors?.() ?? this.#found;
  }

  #learn(selectors: readonly SelectorName[]): void {
    if (this.#selectors()?.join() === selectors.join()) return;
    this.#found = selectors;
    this.#parts.onSelectorsFound?.(selectors);
  }

  #now(): number {
    return this.#parts.clock().getTime();
  }
}

function isShared(users: readonly GatewayUser[], { userId, email }: GatewayUser): boolean {
  return users.some((other) => other.email === email && other.userId !== userId);
}

/**
 * Returns whether a reading failed because the gateway does not take, or overlooks, how the user was
 * named.
 */
export function refusesSelector(thrown: unknown): boolean {
  if (!(thrown instanceof AppError)) return false;
  if (thrown.code === 'ANSWER_FOREIGN') return thrown.details?.wide === true;
  return thrown.code === 'REQUEST_REFUSED' && [400, 405, 501].includes(thrown.status ?? 0);
}

function gone(userId: string): AppError {
  return notFound(
    `User ${userId} no longer exists on the gateway.`,
    'It may have been deleted: refresh the list.',
  );
}

/** A line of the vendor's tool, which takes user ids. */
const defaultCommand = ({ userId }: UserNaming): string =>
  `ostor-s3-admin query-user-info -i ${userId} -V VOLUME_ID`;

/**
 * Neither e-mail nor id names this user alone.
 * @param commands of the vendor's tool that do what was asked for
 */
export function unnameable(naming: UserNaming, commands = [defaultCommand(naming)]): AppError {
  const { userId, email, selector } = naming;
  const why =
    email === '' ? `User ${userId} has no e-mail` : `More than one user has the e-mail ${email}`;
  const and =
    selector === null
      ? 'this gateway accepts no user ids'
      : 'this request can only name the e-mail';
  return new AppError({
    code: 'TARGET_AMBIGUOUS',
    message: `${why}, and ${and}; nothing was sent.`,
    hint: `Run on a storage node: ${commands.map((line) => `\`${line}\``).join(' and ')}.`,
    details: { userId, email, commands },
  });
}

/**
 * A user by its id, named as the gateway takes it.
 * @throws `NOT_FOUND`, `TARGET_AMBIGUOUS`
 */
export async function readUser(
  gateway: Pick<Gateway, 'findUser'>,
  userId: string,
  options?: RequestOptions,
): Promise<GatewayUserDetail> {
  const { user, naming } = await gateway.findUser(userId, options);
  if (user === null) throw unnameable(naming);
  return user;
}
