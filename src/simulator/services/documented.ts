import type { SimulatedRequest } from '../model/simulated-request.ts';
import type { Variants } from '../model/variants.ts';
import { argumentRefusal } from './service-context.ts';

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
export function asDocumented(
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
