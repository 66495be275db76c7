// Draws build/icon.png and the tray's icons from build/icon.svg. Run after the drawing was changed.
import { readFileSync } from 'node:fs';
import { inRoot } from './lib/paths.js';
import { command, setUp } from './lib/setup.js';

/** Draws the icon at one size through the browser that the tests use. */
async function draw(page, file, size, css = '') {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}${css}</style>` +
      readFileSync(inRoot('build', 'icon.svg'), 'utf8'),
  );
  await page.screenshot({ path: inRoot(file), omitBackground: true });
}

await command(async () => {
  await setUp();
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-quic'],
  });
  const page = await browser.newPage();
  await draw(page, 'build/icon.png', 1024);
  await draw(page, 'src/main/images/tray.png', 32);
  // macOS takes the shape alone, and draws it in the colour of its menu bar
  const shape = 'rect{display:none}g,path{stroke:#000}g,svg>path{stroke-width:64px}';
  await draw(page, 'src/main/images/tray-template.png', 16, shape);
  await draw(page, 'src/main/images/tray-template-2x.png', 32, shape);
  await browser.close();
  return 0;
});
