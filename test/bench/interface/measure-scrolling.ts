import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { seeded } from '../lists-data.ts';
import { type Frames, framesOf } from './frame-meter.ts';

const frame = 1000 / 60;
/** What is typed, letter by letter, and taken back. */
const typed = ['backup-1', 'media', 'tenant-42'];

/** Turns the wheel as fast as a hand does, down and up again. */
async function wheel(page: Page, milliseconds: number): Promise<void> {
  await page.mouse.move(800, 500);
  const started = performance.now();
  for (let turn = 0; performance.now() - started < milliseconds; turn += 1) {
    const isDown = turn % 400 < 300;
    await page.mouse.wheel(0, isDown ? 120 : -120);
    await pause(frame);
  }
}

/** Goes to places all over the list, as by dragging its scroll bar. */
async function jump(page: Page, milliseconds: number): Promise<void> {
  const random = seeded(7);
  const started = performance.now();
  while (performance.now() - started < milliseconds) {
    await page.evaluate((share) => {
      const grid = document.querySelector('[role="grid"]');
      if (grid) grid.scrollTop = Math.floor((grid.scrollHeight - grid.clientHeight) * share);
    }, random());
    await pause(150);
  }
}

async function type(page: Page, milliseconds: number): Promise<void> {
  const field = page.getByRole('textbox').first();
  await field.focus();
  const started = performance.now();
  for (let word = 0; performance.now() - started < milliseconds; word += 1) {
    const text = typed[word % typed.length] ?? '';
    await page.keyboard.type(text, { delay: 90 });
    await pause(300);
    for (const _ of text) {
      await page.keyboard.press('Backspace');
      await pause(60);
    }
    await pause(300);
  }
}

/** The ways a list is moved, by what a reader calls them. */
export const ways: Readonly<Record<string, (page: Page, milliseconds: number) => Promise<void>>> = {
  'by wheel': wheel,
  'by jumps': jump,
  'while typing': type,
};

/** Frame times of a list that was moved one way, once more with every round. */
export async function measureWay(
  page: Page,
  way: (page: Page, milliseconds: number) => Promise<void>,
  milliseconds: number,
): Promise<Frames> {
  await page.bringToFront();
  return framesOf(page, () => way(page, milliseconds));
}

/** Returns the time that a share of all frames took at the most. */
export function frameAt(times: readonly number[], share: number): number {
  const sorted = times.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
