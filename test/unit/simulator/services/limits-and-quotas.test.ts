import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator, type Variants } from '#simulator/index.ts';
import { defaultVariants } from '#simulator/model/variants.ts';
import { call } from '../call.ts';

const target = 'emailAddress=console@operations.example';
const zeros = {
  'ops:default': '0.00',
  'ops:get': '0.00',
  'ops:put': '0.00',
  'ops:list': '0.00',
  'ops:delete': '0.00',
  'bandwidth:out': '0',
};

describe('limits and quotas', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ users: 3, buckets: 3 });
  });
  afterAll(() => simulator.stop());
  beforeEach(async () => {
    Object.assign(simulator.variants, defaultVariants);
    await limits('DELETE');
    await call(simulator, 'DELETE', `/?ostor-quotas&${target}`);
  });

  const set = (variants: Partial<Variants>) => Object.assign(simulator.variants, variants);
  const limits = (method: string, query = '') =>
    call(simulator, method, `/?ostor-limits&${target}${query}`);
  const quotas = (method: string, query: string) =>
    call(simulator, method, `/?ostor-quotas&${query}`);
  const put = (type: string, resource: string, value: string) =>
    limits('PUT', `&limit-type=${type}&limit-resource=${resource}&limit-value=${value}`);

  it('reads unset limits as missing, as an error or as zeros', async () => {
    expect((await limits('GET')).status).toBe(404);
    set({ limitsUnset: 'error' });
    const refused = await limits('GET');
    expect([refused.status, refused.headers.get('x-amz-err-message')]).toEqual([
      400,
      'Limits are disabled',
    ]);
    set({ limitsUnset: 'zeros' });
    expect((await limits('GET')).json).toEqual(zeros);
  });

  it('sets one resource at a time, and keeps or resets the others', async () => {
    await put('ops', 'get', '3600');
    await put('ops', 'delete', '0.5');
    await put('bandwidth', 'out', '100');
    const all = { ...zeros, 'ops:get': '3600.00', 'ops:delete': '0.50', 'bandwidth:out': '100' };
    expect((await limits('GET')).json).toEqual(all);
    set({ limitPutResetsSiblings: true });
    await put('ops', 'put', '5');
    expect((await limits('GET')).json).toEqual({ ...zeros, 'ops:put': '5.00' });
  });

  it('takes the older syntax in operations a minute', async () => {
    await put('bandwidth', 'out', '100');
    await limits('PUT', '&ops&default=60&get=90');
    expect((await limits('GET')).json).toEqual({
      'ops:default': '1.00',
      'ops:get': '1.50',
      'ops:put': '1.00',
      'ops:list': '1.00',
      'ops:delete': '1.00',
      'bandwidth:out': '0',
    });
    await limits('PUT', '&bandwidth&out=7');
    expect((await limits('GET')).json).toMatchObject({ 'ops:get': '1.50', 'bandwidth:out': '7' });
    expect((await limits('PUT', '&ops&bandwidth&default=1&out=1')).status).toBe(400);
  });

  it('knows one syntax alone where the variant says so', async () => {
    set({ limitSyntax: 'old' });
    expect((await put('ops', 'get', '1')).status).toBe(400);
    set({ limitSyntax: 'new' });
    expect((await limits('PUT', '&ops&default=60')).status).toBe(400);
    expect((await put('ops', 'get', '1')).status).toBe(200);
  });

  it('refuses types, resources and values that are none', async () => {
    const replies = [
      await put('speed', 'get', '1'),
      await put('ops', 'out', '1'),
      await put('ops', 'get', '-1'),
      await put('ops', 'get', 'many'),
      await call(simulator, 'GET', '/?ostor-limits'),
      await call(simulator, 'GET', `/?ostor-limits&${target}&bucket=x`),
    ];
    expect(replies.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400]);
    expect((await call(simulator, 'GET', '/?ostor-limits&bucket=none-such')).status).toBe(404);
  });

  it('removes one type or all, leaving nothing or zeros', async () => {
    await put('ops', 'get', '5');
    await put('bandwidth', 'out', '6');
    await limits('DELETE', '&ops');
    expect((await limits('GET')).json).toEqual({ ...zeros, 'bandwidth:out': '6' });
    set({ limitsDeleted: 'zeros' });
    await limits('DELETE');
    expect((await limits('GET')).json).toEqual(zeros);
  });

  it('notes in the log what was set', async () => {
    await put('ops', 'get', '5');
    const [change] = simulator.log.acted('limits.set').at(-1)?.acted ?? [];
    const user = simulator.accessKeyId.slice(0, 16);
    expect(change).toEqual({ kind: 'limits.set', target: `user:${user}`, detail: 'ops:get=5' });
  });

  it('reads unset quotas as missing, as zero or as the default', async () => {
    expect((await quotas('GET', target)).status).toBe(404);
    await quotas('PUT', 'default=user&quota-size=9');
    expect((await quotas('GET', target)).status).toBe(404);
    set({ quotaRead: 'effective' });
    expect((await quotas('GET', target)).json).toMatchObject({ size: '9' });
    set({ quotaRead: 'specific', quotaUnset: 'zero' });
    expect((await quotas('GET', target)).json).toMatchObject({ size: '0' });
  });

  it('words a quota as words or digits, string or number', async () => {
    const bucket = [...simulator.state.buckets.readAll()][0]?.name ?? '';
    await quotas('PUT', `${target}&quota-size=1024`);
    await quotas('PUT', `bucket=${bucket}&quota-size=0`);
    set({ quotaType: 'digits', quotaSize: 'number' });
    expect((await quotas('GET', target)).json).toEqual({ version: '1', type: '0', size: 1024 });
    expect((await quotas('GET', `bucket=${bucket}`)).json).toEqual({
      version: '1',
      type: '1',
      size: 0,
    });
  });

  it('refuses quotas that are none', async () => {
    const replies = [
      await quotas('PUT', target),
      await quotas('PUT', `${target}&quota-size=1.5`),
      await quotas('GET', 'default=cluster'),
      await quotas('GET', `${target}&default=user`),
      await quotas('PATCH', target),
    ];
    expect(replies.map(({ status }) => status)).toEqual([400, 400, 400, 400, 405]);
  });
});
