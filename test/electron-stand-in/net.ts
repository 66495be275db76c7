import { EventEmitter } from 'node:events';
import { type ClientRequest, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { app } from './app.ts';
import type { Session } from './session.ts';

type Options = RequestOptions & { redirect?: 'follow' | 'error' | 'manual'; session: Session };

/** Addresses that were asked for by way of `net`, those that were cancelled too. */
export const requestedAddresses: string[] = [];

class StandInClientRequest extends EventEmitter {
  readonly #options: Options;
  #request: ClientRequest | null = null;
  #aborted = false;

  constructor(options: Options) {
    super();
    if (!app.isReady()) throw new Error('net can only be used after app is ready.');
    this.#options = options;
  }

  end(): void {
    const { protocol = 'http:', hostname, host, port, path = '/' } = this.#options;
    void this.#send(`${protocol}//${hostname ?? host}${port ? `:${port}` : ''}${path}`);
  }

  abort(): void {
    this.#aborted = true;
    this.#request?.destroy();
    this.emit('abort');
  }

  /** Asks the session's listeners about each address, those of redirects too, as Chromium does. */
  async #send(url: string): Promise<void> {
    requestedAddresses.push(url);
    const { session, redirect = 'follow', method, headers } = this.#options;
    if (await session.cancels(url)) {
      this.emit('error', new Error('net::ERR_BLOCKED_BY_CLIENT'));
      return;
    }
    const request = url.startsWith('https:') ? requestHttps : requestHttp;
    this.#request = request(url, { method, headers }, (response) => {
      const { statusCode = 0, headers: answered } = response;
      if (statusCode < 300 || statusCode >= 400 || !answered.location) {
        this.emit('response', response);
        return;
      }
      response.resume();
      const next = new URL(answered.location, url).href;
      if (redirect === 'follow') void this.#send(next);
      else this.emit('redirect', statusCode, 'GET', next, answered);
    });
    this.#request.on('error', (error) => {
      if (!this.#aborted) this.emit('error', error);
    });
    this.#request.end();
  }
}

/** Stand-in for Electron's `net`: requests of a session, in which listeners can cancel them. */
export const net = {
  request: (options: Options): StandInClientRequest => new StandInClientRequest(options),
};

/** Stand-in for Electron's own `autoUpdater`, which no system here has. */
export const autoUpdater = new EventEmitter();
