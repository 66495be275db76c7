import { Refusal } from '../http/answer.ts';
import { bucketsService } from './buckets-service.ts';
import type { Service } from './service-context.ts';
import { usersService } from './users-service.ts';

const services = new Map<string, Service>([
  ['ostor-users', usersService],
  ['ostor-buckets', bucketsService],
]);

/** The service of a name. Throws a 400 where there is none. */
export function serviceNamed(name: string): Service {
  const service = services.get(name);
  if (service === undefined) {
    throw new Refusal(400, 'InvalidArgument', 'The specified service does not exist');
  }
  return service;
}
