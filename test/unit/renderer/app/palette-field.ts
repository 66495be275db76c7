import { fireEvent, screen } from '@testing-library/react';

/** Opens the command palette on a page and returns its field. */
export async function openPalette(): Promise<HTMLElement> {
  await screen.findByRole('heading', { level: 1 });
  fireEvent.keyDown(document.body, { key: 'k', code: 'KeyK', ctrlKey: true });
  return await screen.findByRole('textbox', { name: 'Search everything' });
}

export function type(field: HTMLElement, text: string): void {
  fireEvent.change(field, { target: { value: text } });
}

/** Returns the labels on offer, in the order shown. */
export function offered(): string[] {
  return [...document.querySelectorAll('[data-action]')].map((one) => one.textContent ?? '');
}
