import { EventEmitter } from 'node:events';
import { type ClientRequest, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { app } from './app.ts';
import type { Session } from './session.ts';

type Options = RequestOptions & { redirect?: 'follow' | 'error' | 'manual'; session: Session };

/** Addresses that were asked for by way of `net`, those that were cancelled too. */
export const requestedAddresses: string[] = [];

class StandInClientRequest extends EventEmitter {
  readonly #request: ClientRequest;
  readonly #options: Options;
  #aborted = false;

  constructor(options: Options) {
    super();
    if (!app.isReady()) throw new Error('net can only be used after app is ready.');
    if (options.redirect !== 'manual') {
      throw new Error('The stand-in follows no redirect that the shell has not seen.');
    }
    this.#options = options;
    const { session: _session, redirect: _redirect, ...plain } = options;
    this.#request = (options.protocol === 'https:' ? requestHttps : requestHttp)(plain);
    this.#request.on('error', (error) => {
      if (!this.#aborted) this.emit('error', error);
    });
    this.#request.on('response', (response) => {
      const { statusCode = 0, headers } = response;
      if (statusCode < 300 || statusCode >= 400 || !headers.location) {
        this.emit('response', response);
        return;
      }
      response.resume();
      this.emit('redirect', statusCode, 'GET', new URL(headers.location, this.#url).href, headers);
    });
  }

  get #url(): string {
    const { protocol, hostname, host, port, path } = this.#options;
    return `${protocol ?? 'http:'}//${hostname ?? host}${port ? `:${port}` : ''}${path ?? '/'}`;
  }

  setHeader(name: string, value: string): void {
    this.#request.setHeader(name, value);
  }

  end(): void {
    const url = this.#url;
    requestedAddresses.push(url);
    void this.#options.session.cancels(url).then((isCancelled) => {
      if (!isCancelled) {
        this.#request.end();
        return;
      }
      this.abort();
      this.emit('error', new Error('net::ERR_BLOCKED_BY_CLIENT'));
    });
  }

  abort(): void {
    this.#aborted = true;
    this.#request.destroy();
    this.emit('abort');
  }
}

/** Stands in for Electron's `net`: one request at a time, redirects left to whoever asked. */
export const net = {
  request: (options: Options): StandInClientRequest => new StandInClientRequest(options),
};

/** Stands in for Electron's own `autoUpdater`, which no system here has. */
export const autoUpdater = new EventEmitter();
