import { userEvent } from '@testing-library/user-event';

/** Enters a text at once, as if pasted: a form draws itself again once, not for every letter. */
export async function fill(field: HTMLElement, text: string): Promise<void> {
  await userEvent.click(field);
  await userEvent.paste(text);
}
