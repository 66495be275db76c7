import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A forwarding proxy on the loopback interface: CONNECT for https, absolute requests for http. */
export class ProxyServer {
  readonly #server: Server;
  readonly #sockets = new Set<{ destroy(): void }>();
  /** What was asked for: `CONNECT host:port` or `GET http://…`. */
  readonly seen: string[] = [];
  /** Connections that clients opened so far. */
  connections = 0;
  readonly #credentials: string | undefined;

  private constructor(credentials: string | undefined) {
    this.#credentials = credentials;
    this.#server = createServer((incoming, response) => {
      this.seen.push(`${incoming.method} ${incoming.url}`);
      if (!this.#admits(incoming)) {
        response.writeHead(407, { 'proxy-authenticate': 'Basic' }).end();
        return;
      }
      const { host: _host, ...headers } = incoming.headers;
      const forwarded = request(
        incoming.url ?? '',
        { method: incoming.method, headers },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        },
      );
      forwarded.on('error', () => response.writeHead(502).end());
      incoming.pipe(forwarded);
    });
    this.#server.on('connection', (socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
    });
    this.#server.on('connect', (incoming, socket) => this.#tunnel(incoming, socket as Socket));
  }

  /** Starts one; with credentials (`user:password`) it admits nobody else. */
  static async start(credentials?: string): Promise<ProxyServer> {
    const proxy = new ProxyServer(credentials);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** `http://127.0.0.1:PORT`. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends every connection. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #admits(incoming: IncomingMessage): boolean {
    if (this.#credentials === undefined) return true;
    const expected = `Basic ${Buffer.from(this.#credentials).toString('base64')}`;
    return incoming.headers['proxy-authorization'] === expected;
  }

  #tunnel(incoming: IncomingMessage, socket: Socket): void {
    this.seen.push(`CONNECT ${incoming.url}`);
    socket.on('error', () => undefined);
    if (!this.#admits(incoming)) {
      socket.end('HTTP/1.1 407 x\r\nproxy-authenticate: Basic\r\n\r\n');
      return;
    }
    const target = new URL(`http://${incoming.url}`);
    const upstream = connect(Number(target.port), target.hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    this.#sockets.add(upstream);
    upstream.on('error', () => socket.end('HTTP/1.1 502 x\r\n\r\n'));
    socket.on('close', () => upstream.destroy());
  }
}
