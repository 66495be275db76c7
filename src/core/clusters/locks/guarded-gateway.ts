import type { Gateway } from '../../gateway/model/gateway.ts';
import { assertWritable, type GuardedConnection } from './guard.ts';

type WriteMethod =
  | 'createUser'
  | 'enableUser'
  | 'disableUser'
  | 'removeUser'
  | 'generateKey'
  | 'revokeKey'
  | 'createAccount'
  | 'removeAccount'
  | 'removeBucket'
  | 'setLimit'
  | 'clearLimits'
  | 'setQuota'
  | 'clearQuota'
  | 'removeUsageObject'
  | 'putObject';

type ReadMethod = Exclude<keyof Gateway, WriteMethod>;

/** Which methods write. A method of the port that is named in neither list does not compile. */
const writeMethods: Record<WriteMethod, true> & Partial<Record<ReadMethod, never>> = {
  createUser: true,
  enableUser: true,
  disableUser: true,
  removeUser: true,
  generateKey: true,
  revokeKey: true,
  createAccount: true,
  removeAccount: true,
  removeBucket: true,
  setLimit: true,
  clearLimits: true,
  setQuota: true,
  clearQuota: true,
  removeUsageObject: true,
  putObject: true,
};

const readMethods: Record<ReadMethod, true> = {
  listUsers: true,
  streamUsers: true,
  getUser: true,
  nameUser: true,
  findUser: true,
  selectorFor: true,
  revealKey: true,
  listBuckets: true,
  listBucketsOf: true,
  streamBuckets: true,
  getBucket: true,
  getBuckets: true,
  getLimits: true,
  getQuota: true,
  listUsageObjects: true,
  getUsageObject: true,
  close: true,
};

/**
 * The same gateway, whose writing methods are let through only while the connection may write. What
 * calls it does not matter: this is the last door before the network.
 * @param connection asked at each write, since it can be locked or made read-only in between
 */
export function guardGateway(gateway: Gateway, connection: () => GuardedConnection): Gateway {
  return new Proxy(gateway, {
    get(target, property) {
      const method: unknown = Reflect.get(target, property, target);
      if (typeof method !== 'function') return method;
      const call = method as (...values: unknown[]) => unknown;
      if (typeof property !== 'string' || Object.hasOwn(readMethods, property)) {
        return call.bind(target);
      }
      return async (...values: unknown[]): Promise<unknown> => {
        assertWritable(connection());
        return call.apply(target, values);
      };
    },
  });
}

/** The names of the methods that write: for tests that try every one. */
export const gatewayWriteMethods = Object.keys(writeMethods) as readonly WriteMethod[];
