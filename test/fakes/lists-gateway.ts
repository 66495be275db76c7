import type {
  Gateway,
  GatewayBucket,
  GatewayUserDetail,
  NamedUser,
  RawList,
  RequestOptions,
  UserSelector,
} from '#core/gateway/model/gateway.ts';
import { AppError } from '#shared/errors.ts';
import { inChunks } from './gateway-lists.ts';

/** The reading half of a gateway: answers with what it is given, or fails as set. */
export class ListsGateway
  implements
    Pick<
      Gateway,
      'streamUsers' | 'streamBuckets' | 'getUser' | 'findUser' | 'getBucket' | 'getBuckets'
    >
{
  users: unknown = { Users: [] };
  buckets: unknown = { Buckets: [] };
  details: GatewayUserDetail[] = [];
  single: GatewayBucket[] = [];
  /** Thrown by every request while it is set. */
  failure: Error | null = null;
  /** Every answer waits for it. */
  gate: Promise<unknown> = Promise.resolve();
  asked = 0;

  /** The same, as the port it half implements. */
  get port(): Gateway {
    return this as unknown as Gateway;
  }

  streamUsers(options?: RequestOptions): Promise<RawList> {
    return this.#answer(options, () => ({ chunks: inChunks(this.users), requestId: 'request-1' }));
  }

  streamBuckets(options?: RequestOptions): Promise<RawList> {
    return this.#answer(options, () => ({
      chunks: inChunks(this.buckets),
      requestId: 'request-2',
    }));
  }

  getUser(user: UserSelector, options?: RequestOptions): Promise<GatewayUserDetail> {
    return this.#answer(options, () =>
      found(this.details.find(({ userId }) => 'id' in user && userId === user.id)),
    );
  }

  async findUser(userId: string, options?: RequestOptions): Promise<NamedUser> {
    const user = await this.getUser({ id: userId }, options);
    const { email } = user;
    return { user, naming: { userId, email, shared: false, selector: { email, ofId: userId } } };
  }

  getBucket(name: string, options?: RequestOptions): Promise<GatewayBucket> {
    return this.#answer(options, () => found(this.single.find((bucket) => bucket.name === name)));
  }

  getBuckets(names: string[], options?: RequestOptions): Promise<GatewayBucket[]> {
    return this.#answer(options, () => this.single.filter(({ name }) => names.includes(name)));
  }

  async #answer<Value>(options: RequestOptions | undefined, make: () => Value): Promise<Value> {
    this.asked += 1;
    await Promise.race([this.gate, aborted(options?.signal)]);
    if (this.failure) throw this.failure;
    return make();
  }
}

function found<Value>(value: Value | undefined): Value {
  if (value !== undefined) return value;
  throw new AppError({
    code: 'NOT_FOUND',
    message: 'There is no such thing.',
    hint: 'Look for another.',
    status: 404,
  });
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
