import { authenticate, type KeyHolder } from '../authentication/authenticate.ts';
import { type Answer, Refusal } from '../model/answer.ts';
import { FaultInjector } from '../model/faults.ts';
import { RequestLog } from '../model/request-log.ts';
import type { SimulatedRequest } from '../model/simulated-request.ts';
import type { Variants } from '../model/variants.ts';
import { ClusterState } from '../state/cluster-state.ts';
import type { Population } from '../state/populate.ts';
import { asDocumented } from './documented.ts';
import { ListCache } from './list-cache.ts';
import type { ServiceContext } from './service-context.ts';
import { serviceNamed } from './services.ts';

/** The simulated gateway without a socket: state, rules, faults and log. */
export class SimulatorCore {
  readonly state: ClusterState;
  readonly log = new RequestLog();
  readonly faults: FaultInjector;
  /** Switches; may be changed at any time. */
  readonly variants: Variants;
  /** Milliseconds every request waits before it is served. */
  latencyMs = 0;
  /** How far the gateway's clock is ahead of this machine's. */
  clockSkewMs = 0;
  /** Requests served so far. */
  served = 0;
  private readonly lists = new ListCache();

  constructor(population: Population, variants: Variants) {
    this.variants = variants;
    this.faults = new FaultInjector(population.seed);
    this.state = new ClusterState(
      population,
      () => this.variants.staleMs,
      () => this.clock(),
    );
  }

  /** The gateway's clock, milliseconds. */
  clock(): number {
    return Date.now() + this.clockSkewMs;
  }

  /**
   * Authenticates and answers. Throws a `Refusal`.
   * @param skewMs further skew of the clock, for this request
   */
  answer(
    request: SimulatedRequest,
    skewMs: number,
    onCaller: (accessKeyId: string) => void,
  ): Answer {
    const { state, variants, lists } = this;
    const caller = authenticate(request, variants, this.clock() + skewMs, (accessKeyId) =>
      this.holderOf(accessKeyId),
    );
    onCaller(caller.accessKeyId);
    if (request.service !== 's3' && !caller.system) {
      throw new Refusal(403, 'AccessDenied', 'Access Denied');
    }
    const service = serviceNamed(request.service);
    const understood = asDocumented(request, variants.undocumented);
    const context: ServiceContext = { request: understood, caller, state, variants, lists };
    return service(context);
  }

  private holderOf(accessKeyId: string): KeyHolder | undefined {
    const { users } = this.state;
    const user = users.withKey(accessKeyId);
    if (user === undefined) return undefined;
    const { id, system, enabled } = user;
    return { secretKey: users.secretOf(accessKeyId), userId: id, system, enabled };
  }
}
