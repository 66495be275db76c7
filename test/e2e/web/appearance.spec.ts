import { expect, test } from '../fixtures.ts';
import { freshness, goTo, wasRead } from '../helpers/frame.ts';
import { enlargedFaults, floatingFaults, lookFaults } from '../helpers/looks.ts';
import { pageTrees } from '../helpers/page-trees.ts';

// the pages look the same on every host: once is enough
test('every page is whole in light and dark, tells a screen reader what it holds, and axe finds nothing', async ({
  openConsole,
}) => {
  const { page } = await openConsole({ demo: true });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await expect(freshness(page)).toContainText(wasRead);
  const links = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
  const labels = await links.allInnerTexts();
  expect(labels).toEqual(expect.arrayContaining(['Overview', 'Users', 'Buckets', 'Settings']));
  expect(await page.evaluate(transitionsOfTheme)).toBe(0);
  expect(await page.evaluate(widthOfScrollBar)).toBeGreaterThan(0);
  expect(await page.evaluate(scrolledByWhatIsBelow)).toBe(0);
  const faults: string[] = [];
  const opened = new Set<string>();
  for (const label of labels) {
    await goTo(page, label);
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    await expect(page.getByRole('main')).toMatchAriaSnapshot(pageTrees[label] ?? '- heading');
    faults.push(...(await lookFaults(page, label.toLowerCase().replaceAll(/[^a-z]+/g, '-'))));
    faults.push(...(await enlargedFaults(page, label)));
    faults.push(...(await floatingFaults(page, label, opened)));
  }
  // the switcher, the freshness and the help of a term; filters, views and row menus of each list
  expect(opened.size).toBeGreaterThan(20);
  expect(faults).toEqual([]);
  // the page's own policy among them: a style or script that it refuses is reported here
  expect(complaints).toEqual([]);
});

/** Runs in the page: how much of it is on its way from one theme to the other once that has changed. */
function transitionsOfTheme(): number {
  const { dataset } = document.documentElement;
  const theme = dataset.mantineColorScheme;
  document.body.getBoundingClientRect(); // styles are those of the present theme
  dataset.mantineColorScheme = theme === 'dark' ? 'light' : 'dark';
  const moving = document.getAnimations().filter((one) => one instanceof CSSTransition).length;
  dataset.mantineColorScheme = theme;
  return moving;
}

/** Runs in the page: how much of what scrolls its scroll bar takes, as in a window. */
function widthOfScrollBar(): number {
  const scrolling = document.body.appendChild(document.createElement('div'));
  scrolling.style.overflowY = 'scroll';
  const width = scrolling.offsetWidth - scrolling.clientWidth;
  scrolling.remove();
  return width;
}

/** Runs in the page: by how much the window scrolls when something below it is brought into sight. */
function scrolledByWhatIsBelow(): number {
  return ['static', 'absolute'].reduce((scrolled, position) => {
    const below = document.body.appendChild(document.createElement('div'));
    Object.assign(below.style, { position, marginTop: '200vh', height: '20px' });
    below.scrollIntoView();
    const by = window.scrollY + document.body.scrollTop;
    below.remove();
    return scrolled + by;
  }, 0);
}
