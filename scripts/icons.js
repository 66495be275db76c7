// Draws build/icon.png and build/tray.png from build/icon.svg. Run after the drawing was changed.
import { readFileSync } from 'node:fs';
import { inRoot } from './lib/paths.js';
import { command, setUp } from './lib/setup.js';

/** Draws the icon at one size through the browser that the tests use. */
async function draw(page, file, size) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>` +
      readFileSync(inRoot('build', 'icon.svg'), 'utf8'),
  );
  await page.screenshot({ path: inRoot('build', file), omitBackground: true });
}

await command(async () => {
  await setUp();
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-quic'],
  });
  const page = await browser.newPage();
  await draw(page, 'icon.png', 1024);
  await draw(page, 'tray.png', 32);
  await browser.close();
  return 0;
});
