import { AppError, type ErrorCode } from '#shared/errors.ts';
import { expectedRegion } from '../answers/answer-errors.ts';
import type { SignatureForm } from '../model/request.ts';

/** The forms in the order `auto` tries them: what the field uses first. */
const signatureForms: readonly SignatureForm[] = ['v2', 'v2-unsigned-payload', 'v4'];

export const formNames: Record<SignatureForm, string> = {
  v2: 'V2',
  'v2-unsigned-payload': 'V2 with unsigned payload',
  v4: 'V4',
};

export interface TriedForm {
  form: SignatureForm;
  status?: number;
  code: ErrorCode;
  gatewayCode?: string;
}

/**
 * Which signature a connection's requests carry. With `auto` the forms are tried in turn until the
 * gateway takes one (a refused request was not carried out, so that writes may be tried too), and that
 * one is remembered; should it be refused later, the others are tried again.
 */
export class SignatureChoice {
  #current: SignatureForm;
  /** The form that was reported last; one kept from an earlier start is only tried first. */
  #reported: SignatureForm | undefined;
  /** The gateway has taken the current form since this start. */
  #taken = false;
  readonly #auto: boolean;
  readonly #onDetected: ((form: SignatureForm) => void) | undefined;

  constructor(
    wanted: SignatureForm | 'auto',
    detected?: SignatureForm,
    onDetected?: (form: SignatureForm) => void,
  ) {
    this.#auto = wanted === 'auto';
    this.#current = wanted === 'auto' ? (detected ?? 'v2') : wanted;
    this.#reported = wanted === 'auto' ? detected : wanted;
    this.#onDetected = onDetected;
  }

  get current(): SignatureForm {
    return this.#current;
  }

  /** Runs a request in the forms that may be tried until one is taken. */
  async run<Result>(attempt: (form: SignatureForm) => Promise<Result>): Promise<Result> {
    const first = this.#current;
    const forms = this.#auto
      ? [first, ...signatureForms.filter((form) => form !== first)]
      : [first];
    const refused: [SignatureForm, AppError][] = [];
    for (const form of forms) {
      try {
        const result = await attempt(form);
        this.#accept(form);
        return result;
      } catch (thrown) {
        if (!(thrown instanceof AppError) || !this.#mayBlameForm(thrown, refused.length > 0)) {
          throw thrown;
        }
        refused.push([form, thrown]);
      }
    }
    throw allRefused(refused);
  }

  #accept(form: SignatureForm): void {
    this.#taken = true;
    this.#current = form;
    if (this.#reported === form) return;
    this.#reported = form;
    this.#onDetected?.(form);
  }

  /** Whether a refusal may be about the form of the signature, so that another form may be taken. */
  #mayBlameForm(error: AppError, fallingBack: boolean): boolean {
    if (error.code === 'SIGNATURE_REFUSED') return true;
    if (!this.#auto || (this.#taken && !fallingBack)) return false;
    // Gateways need not have a word for a form they do not know: "Access Denied" may be all they say.
    if (error.code === 'ACCESS_DENIED') return true;
    return error.code === 'REQUEST_REFUSED' && formStatuses.has(error.status ?? 0);
  }
}

/** Under which a gateway may refuse a form that it does not know. */
const formStatuses: ReadonlySet<number> = new Set([400, 401, 403, 405, 501]);

/** The refusal that says most, naming every form that was tried. */
function allRefused(refused: readonly (readonly [SignatureForm, AppError])[]): AppError {
  const errors = refused.map(([, error]) => error);
  const regional = errors.find((error) => expectedRegion(String(error.details?.gatewayMessage)));
  const [first] = errors;
  if (!first)
    return new AppError({ code: 'INTERNAL', message: 'No signature was tried.', hint: '' });
  if (regional || errors.length === 1) return regional ?? first;
  const formsTried = refused.map(([form, error]) => triedForm(form, error));
  const names = refused.map(([form]) => formNames[form]).join(', ');
  if (errors.every(({ code }) => code === 'SIGNATURE_REFUSED')) {
    return inEveryForm(first, names, formsTried);
  }
  const denied = errors.find(({ code }) => code === 'ACCESS_DENIED');
  const refusal = denied ?? first;
  const data = { ...refusal.toData(), details: { ...refusal.details, formsTried }, cause: refusal };
  if (!denied) return new AppError(data); // about the request: the form makes no difference
  const answers = formsTried.map(
    ({ form, status, code, gatewayCode }) =>
      `${formNames[form]}: ${[status, gatewayCode ?? code].filter(Boolean).join(' ')}`,
  );
  return new AppError({
    ...data,
    message: `${refusal.message} Every form of the signature was tried (${answers.join('; ')}).`,
    hint: `${refusal.hint} If that is so, enter the secret key again.`,
  });
}

function inEveryForm(refusal: AppError, names: string, formsTried: TriedForm[]): AppError {
  return new AppError({
    ...refusal.toData(),
    message: refusal.message.replace(
      'refused the signature',
      `refused the signature in every form (${names})`,
    ),
    hint: 'Enter the secret key again: it does not belong to this access key id, or was cut when copied.',
    details: { ...refusal.details, formsTried },
    cause: refusal,
  });
}

function triedForm(form: SignatureForm, { status, code, details }: AppError): TriedForm {
  const gatewayCode = details?.gatewayCode;
  return {
    form,
    code,
    ...(status === undefined ? {} : { status }),
    ...(typeof gatewayCode === 'string' ? { gatewayCode } : {}),
  };
}
