import type { Page } from '@playwright/test';
import type { CallInput, CallName, CallOutput, CallReply } from '#shared/contract/index.ts';

/** Sends one call as the page itself would, through the bridge or over HTTP. Yields its reply. */
export async function callConsole<Name extends CallName>(
  page: Page,
  name: Name,
  input: CallInput<Name>,
): Promise<CallReply<CallOutput<Name>>> {
  const reply = await page.evaluate(
    async ([call, data]) => {
      if (window.ostorConsole) return await window.ostorConsole.call(call, data);
      // As a reload of the page would: the session's cookie speaks for this browser.
      const known: unknown = Reflect.get(window, 'tokenOfTests');
      const opened = known ?? (await (await fetch('/session', { method: 'POST' })).json());
      Reflect.set(window, 'tokenOfTests', opened);
      const { token } = opened as { token: string };
      const response = await fetch(`/rpc/${call}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(data),
      });
      return (await response.json()) as unknown;
    },
    [name, input] as const,
  );
  return reply as CallReply<CallOutput<Name>>;
}

/** {@link callConsole}, for a call that has to succeed. */
export async function callValue<Name extends CallName>(
  page: Page,
  name: Name,
  input: CallInput<Name>,
): Promise<CallOutput<Name>> {
  const reply = await callConsole(page, name, input);
  if (reply.ok) return reply.value;
  throw new Error(`${name}: ${reply.error.code} ${reply.error.message}`);
}
