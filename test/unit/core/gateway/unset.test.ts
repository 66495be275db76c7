import { describe, expect, it } from 'vitest';
import { nullIfUnset } from '#core/gateway/readings.ts';
import { AppError, type AppErrorData } from '#shared/errors.ts';

const failing = (data: Partial<AppErrorData>) => async () => {
  throw new AppError({ code: 'REQUEST_REFUSED', message: 'm', hint: 'h', status: 400, ...data });
};
const exists = async () => true;

describe('nullIfUnset', () => {
  it.each<Partial<AppErrorData>>([
    { code: 'NOT_FOUND', status: 404 },
    { details: { gatewayMessage: 'Limits are disabled' } },
    { details: { gatewayCode: 'NoSuchLimits' } },
    { details: { gatewayMessage: 'the quota does not exist' } },
    { details: { gatewayMessage: 'quotas are not set' } },
  ])('is null for %j of a target that exists', async (data) => {
    expect(await nullIfUnset(failing(data), exists)).toBeNull();
  });

  it('is the error of the target, where that does not exist', async () => {
    const gone = failing({ code: 'NOT_FOUND', message: 'no such user' });
    await expect(nullIfUnset(failing({ status: 404 }), gone)).rejects.toThrow('no such user');
  });

  it.each<Partial<AppErrorData>>([
    { details: { gatewayMessage: 'Multiple parameters' } },
    { code: 'GATEWAY_FAILED', status: 500, details: { gatewayMessage: 'disabled' } },
    { code: 'ACCESS_DENIED', status: 403, details: { gatewayMessage: 'the user is disabled' } },
  ])('shows %j', async (data) => {
    await expect(nullIfUnset(failing(data), exists)).rejects.toThrow('m');
  });

  it('hands on what is set', async () => {
    expect(await nullIfUnset(async () => 7, exists)).toBe(7);
  });
});
