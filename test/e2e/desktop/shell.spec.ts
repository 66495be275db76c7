import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '../fixtures.ts';

// one console for all of it: starting one takes longer than what is asked of it
test('keeps its page in: nothing leaves, runs inline or reaches Node, and no other page is answered', async ({
  openConsole,
}) => {
  const { page } = await openConsole();
  await expect(page.getByRole('navigation', { name: 'Pages' })).toBeVisible();

  await test.step('the page cannot leave, open windows or reach Node', async () => {
    const { origin } = new URL(page.url());
    await page.evaluate(() => {
      window.location.href = 'http://127.0.0.1:1/elsewhere';
    });
    await page.evaluate(() => {
      window.open('http://127.0.0.1:1/elsewhere');
    });
    await expect.poll(() => page.context().pages().length).toBe(1);
    expect(new URL(page.url()).origin).toBe(origin);
    const reach = await page.evaluate(() => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      const within = typeof Reflect.get(frame.contentWindow ?? {}, 'ostorConsole');
      frame.remove();
      return [
        typeof Reflect.get(window, 'require'),
        typeof Reflect.get(window, 'process'),
        Object.keys(window.ostorConsole ?? {}).join(),
        within,
      ];
    });
    expect(reach).toEqual([
      ...['undefined', 'undefined', 'call,cancel,subscribe,onFile,clipboard', 'undefined'],
    ]);
  });

  await test.step('it has no permission but to copy', async () => {
    const states = await page.evaluate(async () => {
      const names = ['clipboard-write', 'clipboard-read', 'geolocation', 'notifications', 'camera'];
      const asked = names.map((name) =>
        navigator.permissions.query({ name: name as PermissionName }),
      );
      return (await Promise.all(asked)).map(({ state }) => state);
    });
    expect(states).toEqual(['granted', 'denied', 'denied', 'denied', 'denied']);
  });

  await test.step('it runs nothing inline and sends nothing elsewhere', async () => {
    const violated = await page.evaluate(async () => {
      const directives: string[] = [];
      const whole = new Promise<void>((resolve) => {
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
          if (directives.push(effectiveDirective) === 3) resolve();
        });
      });
      const script = document.createElement('script');
      script.textContent = 'window.inlineRan = true';
      document.head.append(script);
      await fetch('http://127.0.0.1:1/elsewhere').catch(() => undefined);
      const frame = document.createElement('iframe');
      frame.src = 'http://127.0.0.1:1/elsewhere';
      document.body.append(frame);
      await whole;
      frame.remove();
      return { directives: directives.sort(), ran: 'inlineRan' in window };
    });
    expect(violated).toEqual({
      directives: ['connect-src', 'frame-src', 'script-src-elem'],
      ran: false,
    });
  });

  await test.step('values cross between its processes as a structured clone does', async () => {
    const outcome = await page.evaluate(async () => {
      const bridge = window.ostorConsole;
      const withFunction = bridge
        ?.call('app.info', { inside: { deep: () => 1 } })
        .catch((error: Error) => error.message);
      const withUndefined = await bridge?.call('customers.list', { search: undefined });
      return [await withFunction, withUndefined?.ok];
    });
    expect(outcome).toEqual(['An object could not be cloned.', true]);
  });

  await test.step('the calls of a page that is not its own are refused', async () => {
    const hostile = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<title>hostile</title>');
    });
    await new Promise<void>((resolve) => hostile.listen(0, '127.0.0.1', resolve));
    const { port } = hostile.address() as AddressInfo;
    // the test's own navigation passes every guard, as a flaw in one of them would
    await page.goto(`http://127.0.0.1:${port}/`);
    expect(new URL(page.url()).port).toBe(String(port));
    const reply = await page.evaluate(() => window.ostorConsole?.call('connections.list', {}));
    expect(reply).toMatchObject({ ok: false, error: { code: 'CALLER_REFUSED' } });
    hostile.close();
  });
});
