import { beforeEach, describe, expect, it } from 'vitest';
import { type AllHandlers, createDispatch, type Dispatch } from '#core/platform/dispatch.ts';
import { type CallContext, type CallName, contract } from '#shared/contract/index.ts';
import { AppError, notFound } from '#shared/errors.ts';

const context: CallContext = { signal: new AbortController().signal };

describe('dispatch', () => {
  let answer: (input: unknown, context: CallContext) => Promise<unknown>;
  let logged: [name: string, error: AppError][];
  let dispatch: Dispatch;

  beforeEach(() => {
    answer = async () => null;
    logged = [];
    const names = Object.keys(contract) as CallName[];
    const handlers = Object.fromEntries(
      names.map((name) => [name, (...call: Parameters<typeof answer>) => answer(...call)]),
    ) as unknown as AllHandlers;
    dispatch = createDispatch({
      handlers,
      checkOutputs: true,
      onError: (...error) => logged.push(error),
    });
  });

  it.each([
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'valueOf',
    '',
    'users',
    'users.list ',
    'Users.List',
    null,
    undefined,
    7,
    {},
    ['app.info'],
    { toString: () => 'app.info' },
    Symbol.iterator,
  ])('knows no call named %s', async (name) => {
    answer = async () => {
      throw new Error('no handler must be called');
    };
    expect(await dispatch(name, {}, context)).toMatchObject({
      ok: false,
      error: { code: 'CALL_UNKNOWN', retryable: false },
    });
  });

  it('hands a handler the checked input, defaults filled in and strangers left out', async () => {
    let seen: unknown;
    answer = async (input) => {
      seen = input;
      return { total: 0, rows: [], asOf: null };
    };
    const input = JSON.parse(
      '{"connectionId":"a","search":"x","__proto__":{"limit":9},"constructor":1,"stranger":true}',
    );
    expect(await dispatch('users.list', input, context)).toEqual({
      ok: true,
      value: { total: 0, rows: [], asOf: null },
    });
    expect(seen).toEqual({ connectionId: 'a', search: 'x', offset: 0, limit: 100 });
  });

  it('takes no input for an empty one', async () => {
    answer = async () => [];
    expect(await dispatch('tasks.list', undefined, context)).toEqual({ ok: true, value: [] });
  });

  it.each([
    [{ connectionId: '../../etc' }, 'connectionId'],
    [{ connectionId: 'a', limit: 1e9 }, 'limit'],
    [{ connectionId: 'a', limit: '10' }, 'limit'],
    ['text', 'input'],
    [null, 'connectionId'],
    [[], 'input'],
  ])('refuses %j before the handler sees it', async (input, field) => {
    answer = async () => {
      throw new Error('no handler must be called');
    };
    const reply = await dispatch('users.list', input, context);
    expect(reply).toMatchObject({ ok: false, error: { code: 'INPUT_INVALID' } });
    expect(JSON.stringify(reply)).toContain(field);
  });

  it.each([
    [{ keys: [{ userId: 'aa', accessKeyId: 'no key' }] }, /: of\.keys\.0\.accessKeyId: /],
    [{ keys: [] }, /: of\.keys: /],
    [{ keys: [{ userId: 'aa', accessKeyId: 'aa01' }], search: 'x' }, /"search"/],
    [{ search: 'x', filter: { bothSlots: 3 } }, /: of\.filter/],
    [{}, null],
  ])('names what is wrong with keys of a campaign, by what was meant: %j', async (of, words) => {
    answer = async () => {
      throw notFound('It was handed on.', '');
    };
    const input = { connectionId: 'lab', title: 'Autumn', of };
    const reply = await dispatch('campaigns.start', input, context);
    if (words === null) return expect(reply).toMatchObject({ error: { code: 'NOT_FOUND' } });
    expect(reply).toMatchObject({
      error: { code: 'INPUT_INVALID', message: expect.stringMatching(words) },
    });
  });

  it('does not repeat a secret of an input that is not valid', async () => {
    const secretKey = 'hunter2-hunter2';
    const input = { name: 5, endpoint: [secretKey], secretKey, environment: secretKey };
    const reply = await dispatch('connections.save', input, context);
    expect(reply).toMatchObject({ ok: false, error: { code: 'INPUT_INVALID' } });
    expect(JSON.stringify(reply)).not.toContain(secretKey);
    expect(JSON.stringify(logged.map(([, error]) => error.toData()))).not.toContain(secretKey);
  });

  it('keeps the text of an unforeseen error for the log', async () => {
    const cause = new Error('secret detail');
    answer = async () => {
      throw cause;
    };
    const reply = await dispatch('app.info', {}, context);
    expect(reply).toMatchObject({ ok: false, error: { code: 'INTERNAL' } });
    expect(JSON.stringify(reply)).not.toContain('secret detail');
    expect(logged).toMatchObject([['app.info', { code: 'INTERNAL', cause }]]);
  });

  it('lets a coded error through with its named fields alone', async () => {
    answer = async () => {
      const error = new AppError({
        code: 'TIMED_OUT',
        message: 'Late.',
        hint: 'Wait.',
        retryable: true,
        requestId: 'r1',
        status: 504,
        cause: new Error('inner'),
      });
      throw Object.assign(error, { secretKey: 'hunter2' });
    };
    expect(await dispatch('app.info', {}, context)).toEqual({
      ok: false,
      error: {
        code: 'TIMED_OUT',
        message: 'Late.',
        hint: 'Wait.',
        retryable: true,
        requestId: 'r1',
        status: 504,
      },
    });
  });

  it('finds a value out that is not of the contract, where that is checked', async () => {
    answer = async () => ({ version: 7 });
    expect(await dispatch('app.info', {}, context)).toMatchObject({
      ok: false,
      error: { code: 'INTERNAL' },
    });
  });

  it('takes whatever is thrown', async () => {
    answer = () => Promise.reject(undefined);
    expect(await dispatch('app.info', {}, context)).toMatchObject({
      ok: false,
      error: { code: 'INTERNAL' },
    });
    answer = () => {
      throw new Error('not even a promise');
    };
    expect(await dispatch('app.info', {}, context)).toMatchObject({ ok: false });
  });
});
