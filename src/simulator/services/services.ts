import { Refusal } from '../model/answer.ts';
import { accountsService } from './accounts-service.ts';
import { bucketsService } from './buckets-service.ts';
import { limitsService } from './limits-service.ts';
import { objectsService } from './objects-service.ts';
import { quotasService } from './quotas-service.ts';
import type { Service } from './service-context.ts';
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

/** The service of a name. Throws a 400 where there is none. */
export function serviceNamed(name: string): Service {
  const service = services.get(name);
  if (service === undefined) {
    throw new Refusal(400, 'InvalidArgument', 'The specified service does not exist');
  }
  return service;
}
