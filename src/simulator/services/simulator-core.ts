import { authenticate, type KeyHolder } from '../authentication/authenticate.ts';
import { type Answer, Refusal } from '../model/answer.ts';
import { FaultInjector } from '../model/faults.ts';
import { RequestLog } from '../model/request-log.ts';
import type { SimulatedRequest } from '../model/simulated-request.ts';
import type { Variants } from '../model/variants.ts';
import { ClusterState } from '../state/cluster-state.ts';
import type { Population } from '../state/populate.ts';
import { accountsService } from './accounts-service.ts';
import { bucketsService } from './buckets-service.ts';
import { limitsService, quotasService } from './limits-service.ts';
import { objectsService } from './objects-service.ts';
import {
  argumentRefusal,
  ListCache,
  type Service,
  type ServiceContext,
} from './service-context.ts';
import { usageService } from './usage-service.ts';
import { usersService } from './users-service.ts';

const services = new Map<string, Service>([
  ['ostor-users', usersService],
  ['ostor-accounts', accountsService],
  ['ostor-buckets', bucketsService],
  ['ostor-limits', limitsService],
  ['ostor-quotas', quotasService],
  ['ostor-usage', usageService],
  ['s3', objectsService],
]);

function serviceNamed(name: string): Service {
  const service = services.get(name);
  if (service === undefined) {
    throw new Refusal(400, 'InvalidArgument', 'The specified service does not exist');
  }
  return service;
}

const user = ['emailAddress'];
const userOrBucket = ['emailAddress', 'bucket'];
const quota = ['emailAddress', 'bucket', 'default'];

/** The parameters of the guide for 7.1, by service and method. */
const documented: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'ostor-users': {
    GET: user,
    PUT: user,
    POST: ['emailAddress', 'accountName', 'genKey', 'revokeKey', 'enable', 'disable'],
    DELETE: user,
  },
  'ostor-accounts': {
    POST: ['emailAddress', 'accountName'],
    DELETE: ['emailAddress', 'accountName'],
  },
  'ostor-buckets': { GET: ['emailAddress', 'bucket', 'multi'] },
  'ostor-limits': {
    GET: userOrBucket,
    PUT: [...userOrBucket, 'limit-type', 'limit-resource', 'limit-value'],
    DELETE: userOrBucket,
  },
  'ostor-quotas': { GET: quota, PUT: [...quota, 'quota-size'], DELETE: quota },
  'ostor-usage': { GET: ['obj'], DELETE: ['obj'] },
};

/**
 * The request as a gateway of the guide takes it: a parameter that the guide does not name is refused
 * with 400, or overlooked. Others take every parameter that a reference names.
 */
function asDocumented(
  request: SimulatedRequest,
  undocumented: Variants['undocumented'],
): SimulatedRequest {
  if (undocumented === 'taken' || request.service === 's3') return request;
  const known = documented[request.service]?.[request.method] ?? [];
  const [service, ...parameters] = request.tokens;
  const unknown = parameters.find(({ name }) => !known.includes(name));
  if (unknown === undefined || service === undefined) return request;
  if (undocumented === 'refused') {
    throw argumentRefusal(`The parameter ${unknown.name} is not supported`);
  }
  return {
    ...request,
    tokens: [service, ...parameters.filter(({ name }) => known.includes(name))],
  };
}

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
