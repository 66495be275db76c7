import { describe, expect, it } from 'vitest';
import type { SignatureForm } from '#core/gateway/model/request.ts';
import { SignatureChoice } from '#core/gateway/signing/signature-choice.ts';
import { AppError, type AppErrorData } from '#shared/errors.ts';

const refusal = (data: Partial<AppErrorData> = {}) =>
  new AppError({
    code: 'SIGNATURE_REFUSED',
    message: 'The gateway refused the signature.',
    hint: 'h',
    status: 403,
    ...data,
  });

/** A gateway that answers each form as set, and notes what it was asked with. */
class FakeGateway {
  readonly asked: SignatureForm[] = [];
  readonly #answers: Partial<Record<SignatureForm, AppError>>;

  constructor(answers: Partial<Record<SignatureForm, AppError>>) {
    this.#answers = answers;
  }

  readonly answer = async (form: SignatureForm): Promise<string> => {
    this.asked.push(form);
    const error = this.#answers[form];
    if (error) throw error;
    return form;
  };
}

function detecting(detected?: SignatureForm) {
  const found: SignatureForm[] = [];
  return { found, choice: new SignatureChoice('auto', detected, (form) => found.push(form)) };
}

describe('SignatureChoice', () => {
  it('begins with the form the field uses, and tells what was taken', async () => {
    const { choice, found } = detecting();
    expect(await choice.run(new FakeGateway({}).answer)).toBe('v2');
    await choice.run(new FakeGateway({}).answer);
    expect(found).toEqual(['v2']);
  });

  it('continues to the others and stays with the one that is taken', async () => {
    const { choice, found } = detecting();
    const gateway = new FakeGateway({ v2: refusal(), 'v2-unsigned-payload': refusal() });
    expect(await choice.run(gateway.answer)).toBe('v4');
    await choice.run(gateway.answer);
    expect(gateway.asked).toEqual(['v2', 'v2-unsigned-payload', 'v4', 'v4']);
    expect(found).toEqual(['v4']);
  });

  it('begins with what was found before, and finds again when that is refused', async () => {
    const { choice, found } = detecting('v4');
    const gateway = new FakeGateway({ v4: refusal() });
    expect(await choice.run(gateway.answer)).toBe('v2');
    expect(gateway.asked).toEqual(['v4', 'v2']);
    expect(found).toEqual(['v2']);
  });

  it('says that every form was refused, and blames the secret', async () => {
    const { choice, found } = detecting();
    const all = { v2: refusal(), 'v2-unsigned-payload': refusal(), v4: refusal() };
    await expect(choice.run(new FakeGateway(all).answer)).rejects.toMatchObject({
      code: 'SIGNATURE_REFUSED',
      message: expect.stringContaining('in every form'),
      hint: expect.stringContaining('secret key'),
    });
    expect(found).toEqual([]);
  });

  it('continues when an old gateway has no word for a form', async () => {
    const { choice } = detecting();
    const gateway = new FakeGateway({
      v2: refusal(),
      'v2-unsigned-payload': refusal({ code: 'REQUEST_REFUSED', status: 400 }),
    });
    expect(await choice.run(gateway.answer)).toBe('v4');
  });

  it.each([
    refusal({ code: 'ACCESS_DENIED' }),
    refusal({ code: 'ACCESS_DENIED', details: { gatewayCode: 'AccessDenied' } }),
    refusal({ code: 'REQUEST_REFUSED', status: 400 }),
    refusal({ code: 'REQUEST_REFUSED', status: 405 }),
  ])('tries the others on any refusal that may mean the form: $code $status', async (denied) => {
    const answers = { v2: denied, 'v2-unsigned-payload': denied };
    for (const detected of [undefined, 'v2'] as const) {
      const { choice, found } = detecting(detected);
      const gateway = new FakeGateway(answers);
      expect(await choice.run(gateway.answer)).toBe('v4');
      expect(gateway.asked).toEqual(['v2', 'v2-unsigned-payload', 'v4']);
      expect(found).toEqual(['v4']);
    }
  });

  it('takes a refusal for what it says once the form has been taken', async () => {
    const denied = refusal({ code: 'ACCESS_DENIED', details: { gatewayCode: 'AccessDenied' } });
    const { choice } = detecting();
    await choice.run(new FakeGateway({}).answer);
    const gateway = new FakeGateway({ v2: denied });
    await expect(choice.run(gateway.answer)).rejects.toBe(denied);
    expect(gateway.asked).toEqual(['v2']);
  });

  it('names every form that was tried, and how each was refused', async () => {
    const denied = refusal({ code: 'ACCESS_DENIED', details: { gatewayCode: 'AccessDenied' } });
    const wrong = refusal({ details: { gatewayCode: 'SignatureDoesNotMatch' } });
    const all = { v2: denied, 'v2-unsigned-payload': denied, v4: wrong };
    await expect(detecting().choice.run(new FakeGateway(all).answer)).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      message: expect.stringContaining(
        '(V2: 403 AccessDenied; V2 with unsigned payload: 403 AccessDenied; V4: 403 SignatureDoesNotMatch)',
      ),
      hint: expect.stringContaining('secret key'),
      details: { formsTried: [{ form: 'v2' }, { form: 'v2-unsigned-payload' }, { form: 'v4' }] },
    });
  });

  it.each([
    refusal({ code: 'ACCESS_KEY_UNKNOWN' }),
    refusal({ code: 'CLOCK_SKEWED' }),
    refusal({ code: 'NOT_FOUND', status: 404 }),
    new Error('other'),
  ])('does not try on for %s', async (error) => {
    const gateway = new FakeGateway({});
    const run = detecting().choice.run(async (form) => {
      await gateway.answer(form);
      throw error;
    });
    await expect(run).rejects.toBe(error);
    expect(gateway.asked).toEqual(['v2']);
  });

  it('keeps the hint about the region above the one about the secret', async () => {
    const regional = refusal({
      hint: 'Set the region of this connection to ru-1.',
      details: { gatewayMessage: "The region 'us-east-1' is wrong; expecting 'ru-1'" },
    });
    const all = { v2: refusal(), 'v2-unsigned-payload': refusal(), v4: regional };
    await expect(detecting().choice.run(new FakeGateway(all).answer)).rejects.toBe(regional);
  });

  it('stays with a form that was selected', async () => {
    const gateway = new FakeGateway({ v4: refusal() });
    await expect(new SignatureChoice('v4').run(gateway.answer)).rejects.toMatchObject({
      message: 'The gateway refused the signature.',
    });
    expect(gateway.asked).toEqual(['v4']);
  });
});
