import { describe, expect, it } from 'vitest';
import { RequestLog } from '#simulator/model/request-log.ts';

const request = { at: 0, method: 'GET', service: 's3', path: '/', query: '', requestId: '' };

describe('RequestLog', () => {
  it('counts on, finds what was changed, and forgets when told to', () => {
    const log = new RequestLog();
    log.add(request);
    log.add(request).acted = [{ kind: 'user.created', target: 'a' }];
    log.add(request).acted = [{ kind: 'quota.set', target: 'b' }];
    expect(log.entries.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(log.acted().map(({ seq }) => seq)).toEqual([2, 3]);
    expect(log.acted('quota.set').map(({ seq }) => seq)).toEqual([3]);
    log.clear();
    expect(log.entries).toEqual([]);
    expect(log.add(request)).toMatchObject({ seq: 4, status: null, accessKeyId: null, acted: [] });
  });
});
