import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { useDialogs } from '#renderer/kit/stores/dialogs.ts';
import { operationNames } from '#shared/contract/operations.ts';
import { AppError, type AppErrorData, type ErrorCode } from '#shared/errors.ts';
import { fakeOperations, fakePreview } from '#test/fakes/fake-operations.ts';
import type { FakeTransport } from '#test/fakes/fake-transport.ts';
import { refusals, refusedBeforehand, unknownOutcomes } from '#test/fakes/operation-failures.ts';
import { part, partOf } from '#test/part.ts';
import { everyDialog, type OneDialog } from './every-dialog.ts';
import { renderDialogs } from './render-operation.tsx';

const codesOf = (failures: readonly { codes: readonly ErrorCode[] }[]): ErrorCode[] => [
  ...new Set(failures.flatMap(({ codes }) => codes)),
];
const refused = [...codesOf(refusals), ...refusedBeforehand];
const unknown = codesOf(unknownOutcomes);
/** A reading can fail in every way but one: there is nothing yet that could have changed. */
const atPreview = [...refused, ...unknown].filter((code) => code !== 'TARGET_CHANGED');

/**
 * A part of the codes, another one for each dialog: every code meets several dialogs, and every dialog
 * codes of each kind. All dialogs draw a failure alike.
 */
function share<Code>(codes: readonly Code[], { operation }: OneDialog): Code[] {
  const turn = everyDialog.findIndex((one) => one.operation === operation);
  return partOf(codes, turn, part(6, 3));
}

/** An error that no other failure's words could be taken for. */
function failure(code: ErrorCode, more: Partial<AppErrorData> = {}): AppError {
  return new AppError({
    code,
    message: `What happened: ${code}.`,
    hint: `What to do about ${code}.`,
    ...more,
  });
}

/** A core whose next write or preview ends as the test says. */
function failingCore({ operation, title, destructive }: OneDialog) {
  const next: { write: AppError | null; preview: AppError | null } = { write: null, preview: null };
  const core = fakeOperations()
    .on('operations.catalogue', () => [{ operation, title, destructive }])
    .on('operations.preview', () => {
      if (next.preview) throw next.preview;
      return fakePreview({ operation, title, destructive });
    })
    .on(operation, () => {
      throw next.write ?? failure('INTERNAL');
    });
  return { core, next };
}

async function openDialogOf(one: OneDialog): Promise<HTMLElement> {
  act(one.open);
  const dialog = await screen.findByRole('dialog');
  if (one.enter) act(() => one.enter?.(dialog));
  return dialog;
}

/** A dialog's button by the words on it; by its role it takes ten times as long, hundreds of times. */
function button(dialog: HTMLElement, words: string): HTMLButtonElement | null {
  const all = [...dialog.querySelectorAll('button')];
  return all.find(({ textContent }) => textContent === words) ?? null;
}

function findButton(dialog: HTMLElement, words: string): Promise<HTMLButtonElement> {
  return waitFor(() => {
    const found = button(dialog, words);
    if (!found || found.disabled) throw new Error(`"${words}" cannot be pressed.`);
    return found;
  });
}

/** Everything that was entered or selected in a dialog. */
function entered(dialog: HTMLElement): unknown[] {
  return [...dialog.querySelectorAll('input')].map(({ type, checked, value }) =>
    type === 'radio' || type === 'checkbox' ? checked : value,
  );
}

async function expectReported(dialog: HTMLElement, code: ErrorCode): Promise<HTMLElement> {
  const reported = await waitFor(() => {
    const alert = dialog.querySelector<HTMLElement>('[role="alert"]');
    if (!alert?.textContent.includes(`What to do about ${code}.`)) {
      throw new Error(`The dialog does not tell what to do about ${code}.`);
    }
    return alert;
  });
  expect(within(reported).getByText(code, { exact: true })).toBeVisible();
  const words = code === 'TARGET_CHANGED' ? 'nothing was sent' : `What happened: ${code}.`;
  expect(reported).toHaveTextContent(words);
  return reported;
}

const timesSent = (core: FakeTransport, { operation }: OneDialog) =>
  core.inputsOf(operation).length;

beforeAll(() => {
  // A form waits for a pause in typing before it previews; nobody types here.
  const { setTimeout: wait } = globalThis;
  vi.stubGlobal('setTimeout', (run: () => void, delay?: number) =>
    wait(run, delay === 300 ? 0 : delay),
  );
});
afterAll(() => void vi.unstubAllGlobals());

test('these are the dialogs of all operations', () => {
  expect(everyDialog.map(({ operation }) => operation).sort()).toEqual([...operationNames].sort());
});

describe.each(everyDialog)('the dialog of $operation', (one) => {
  test('tells every refusal with its code and hint, keeps what was entered, and lets it be tried again', async () => {
    const { core, next } = failingCore(one);
    renderDialogs(core);
    const dialog = await openDialogOf(one);
    await findButton(dialog, one.title);
    fireEvent.change(within(dialog).getByLabelText(/Ticket/), { target: { value: 'OPS-9' } });
    const before = entered(dialog);
    expect(before).toContain('OPS-9');
    for (const [position, code] of share(refused, one).entries()) {
      next.write = failure(code);
      fireEvent.click(await findButton(dialog, one.title));
      const reported = await expectReported(dialog, code);
      expect(entered(dialog)).toEqual(before);
      expect(timesSent(core, one)).toBe(position + 1);
      if (code !== 'TARGET_CHANGED') continue;
      // what somebody else changed has to be seen before anything is sent over it
      const previews = core.inputsOf('operations.preview').length;
      fireEvent.click(await findButton(reported, 'Make a new preview'));
      await waitFor(() => expect(core.inputsOf('operations.preview')).toHaveLength(previews + 1));
      await waitFor(() => expect(dialog.querySelector('[role="alert"]')).toBeNull());
    }
  });

  test('tells an outcome that nobody knows with its code and hint, and never offers to send it again', async () => {
    const { core, next } = failingCore(one);
    core.on('operations.recheck', () => {
      throw failure('CONNECTION_RESET', { hint: 'Read once more.' });
    });
    renderDialogs(core);
    for (const [position, code] of share(unknown, one).entries()) {
      const dialog = await openDialogOf(one);
      next.write = failure(code, { details: { outcome: 'unknown', journalId: 'entry-7' } });
      fireEvent.click(await findButton(dialog, one.title));
      const reported = await expectReported(dialog, code);
      expect(reported).toHaveTextContent('Sent, not confirmed');
      expect(button(dialog, one.title)).toBeNull();
      fireEvent.click(await findButton(reported, 'Check again'));
      await within(dialog).findByText('Read once more.');
      expect(core.inputsOf('operations.recheck')).toHaveLength(position + 1);
      expect(timesSent(core, one)).toBe(position + 1);
      act(() => useDialogs.getState().closeAll());
    }
  });

  test('tells what is refused at the preview with its code and hint, and reads again where that can help', async () => {
    const { core, next } = failingCore(one);
    next.preview = failure('INTERNAL', { retryable: true });
    renderDialogs(core);
    const dialog = await openDialogOf(one);
    for (const code of share(atPreview, one)) {
      const again = await findButton(dialog, 'Check again');
      next.preview = failure(code, { retryable: true });
      fireEvent.click(again);
      await expectReported(dialog, code);
      expect(button(dialog, one.title)).toBeDisabled();
    }
    next.preview = null;
    fireEvent.click(await findButton(dialog, 'Check again'));
    await findButton(dialog, one.title);
    expect(timesSent(core, one)).toBe(0);
  });
});
