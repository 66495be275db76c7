import { describe, expect, it } from 'vitest';
import { AppError, toAppError } from '#shared/errors.ts';

const refused = new AppError({
  code: 'CONNECTION_REFUSED',
  message: 'Nothing listens at 127.0.0.1:1.',
  hint: 'Check the port.',
  retryable: true,
  requestId: 'ab12',
  status: 503,
  details: { port: 1 },
  cause: new Error('ECONNREFUSED with a secret'),
});

describe('AppError', () => {
  it('crosses a boundary and comes back with the whitelisted fields only', () => {
    const data = JSON.parse(JSON.stringify(refused.toData()));
    expect(data).toEqual({
      code: 'CONNECTION_REFUSED',
      message: 'Nothing listens at 127.0.0.1:1.',
      hint: 'Check the port.',
      retryable: true,
      requestId: 'ab12',
      status: 503,
      details: { port: 1 },
    });
    expect(AppError.fromData(data).toData()).toEqual(refused.toData());
  });

  it('leaves absent fields out', () => {
    const bare = new AppError({ code: 'CONFLICT', message: 'm', hint: 'h' }).toData();
    expect(Object.keys(bare).sort()).toEqual(['code', 'hint', 'message', 'retryable']);
  });
});

describe('toAppError', () => {
  it('keeps a coded error as it is', () => {
    expect(toAppError(refused)).toBe(refused);
  });

  it.each([new Error('path /root/x'), 'text', undefined, { code: 'EACCES' }])(
    'makes %s an INTERNAL that does not quote it',
    (thrown) => {
      const error = toAppError(thrown);
      expect(error.code).toBe('INTERNAL');
      expect(JSON.stringify(error.toData())).not.toMatch(/root|EACCES/);
      expect(error.cause).toBe(thrown);
    },
  );
});
