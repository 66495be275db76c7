import { debuggingAddress } from './chromium.ts';
import { openedOutside } from './desktop.ts';
import { Menu, trays } from './menu.ts';

/** What a test may ask the stand-in about the shell, beside what the page shows. */
const questions = {
  /** Where to attach to the pages. */
  debuggingAddress,
  menuLabels: () => Menu.applicationMenu?.items.map(({ label, role }) => label ?? role ?? '') ?? [],
  openedOutside: () => openedOutside,
  trayToolTips: () => [...trays].map((tray) => tray.toolTip),
  clickTray: () => [...trays].map((tray) => tray.emit('click')).length,
};

/** Name of a question. */
export type StandInQuestion = keyof typeof questions;

/** Answers the process that started the shell, over Node's own channel between parent and child. */
export function answerTests(): void {
  process.on('message', async ({ id, question }: { id: number; question: StandInQuestion }) => {
    try {
      process.send?.({ id, answer: await questions[question]() });
    } catch (error) {
      process.send?.({ id, error: String(error) });
    }
  });
  process.channel?.unref();
}
