import { AppError } from '#shared/errors.ts';
import { expectedRegion } from '../answers/answer-errors.ts';
import type { SignatureForm } from '../request.ts';

/** The forms in the order `auto` tries them: what the field uses first. */
export const signatureForms: readonly SignatureForm[] = ['v2', 'v2-unsigned-payload', 'v4'];

/**
 * Which signature a connection's requests carry. With `auto` the forms are tried in turn on the
 * first request (a refused one was not carried out, so that writes may be tried too), and the first
 * that the gateway takes is remembered; should it be refused later, the others are tried again.
 */
export class SignatureChoice {
  #current: SignatureForm;
  #known: boolean;
  readonly #auto: boolean;
  readonly #onDetected: ((form: SignatureForm) => void) | undefined;

  constructor(
    wanted: SignatureForm | 'auto',
    detected?: SignatureForm,
    onDetected?: (form: SignatureForm) => void,
  ) {
    this.#auto = wanted === 'auto';
    this.#current = wanted === 'auto' ? (detected ?? 'v2') : wanted;
    this.#known = wanted !== 'auto' || detected !== undefined;
    this.#onDetected = onDetected;
  }

  /** The form that requests carry now. */
  get current(): SignatureForm {
    return this.#current;
  }

  /** Runs a request in the forms that may be tried until one is taken. */
  async run<Result>(attempt: (form: SignatureForm) => Promise<Result>): Promise<Result> {
    const first = this.#current;
    const forms = this.#auto
      ? [first, ...signatureForms.filter((form) => form !== first)]
      : [first];
    const refused: AppError[] = [];
    for (const form of forms) {
      try {
        const result = await attempt(form);
        this.#accept(form);
        return result;
      } catch (thrown) {
        if (!(thrown instanceof AppError) || !this.#blamesForm(thrown, refused.length > 0)) {
          throw thrown;
        }
        refused.push(thrown);
      }
    }
    throw this.#allRefused(refused);
  }

  #accept(form: SignatureForm): void {
    if (this.#known && this.#current === form) return;
    this.#current = form;
    this.#known = true;
    this.#onDetected?.(form);
  }

  /** Whether a refusal may be about the form of the signature and another form be taken. */
  #blamesForm(error: AppError, fallingBack: boolean): boolean {
    if (error.code === 'SIGNATURE_REFUSED') return true;
    if (!this.#auto) return false;
    // No reason given: before any form is known to be taken, it may be the signature.
    const silent = error.details?.gatewayCode === undefined;
    if (error.code === 'ACCESS_DENIED' && silent && !this.#known) return true;
    // An old gateway need not have a word for a form it does not know.
    return fallingBack && (error.status === 400 || error.status === 501);
  }

  #allRefused(refused: readonly AppError[]): AppError {
    const regional = refused.find((error) => expectedRegion(String(error.details?.gatewayMessage)));
    if (regional) return regional;
    const told = refused.find((error) => error.code === 'SIGNATURE_REFUSED') ?? refused[0];
    if (told?.code !== 'SIGNATURE_REFUSED' || !this.#auto) {
      return (
        told ?? new AppError({ code: 'INTERNAL', message: 'No signature was tried.', hint: '' })
      );
    }
    return new AppError({
      ...told.toData(),
      message: told.message.replace(
        'refused the signature',
        'refused the signature in every form (V2, V2 with unsigned payload, V4)',
      ),
      hint: 'Enter the secret key again: it does not belong to this access key id, or was cut when copied.',
      cause: told,
    });
  }
}
