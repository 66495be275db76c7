import { Readable } from 'node:stream';
import type { ResourceLimits } from 'node:worker_threads';
import { ZipFile } from 'yazl';
import { amountDecimal } from '#shared/billing/money.ts';
import { periodFileName } from '#shared/billing/period.ts';
import { toCsv } from '#shared/csv.ts';
import { type AppError, invalidInput, toAppError } from '#shared/errors.ts';
import { exportName } from '#shared/plain-text.ts';
import { WorkerClient, workerEntry } from '../../store/sqlite/worker.ts';
import { countLines, statementContent } from '../../usage/billing/export-statement.ts';
import type { CustomerRegister } from '../customer-register.ts';
import type { CustomerStore } from '../store/customer-store.ts';
import { checkLogo } from './check-logo.ts';
import type { PdfMethods } from './pdf-worker.ts';
import type { Provider, StatementPages } from './statement-document.ts';

type Issued = StatementPages['issued'];
type Kept = Pick<StatementPages, 'issued' | 'statement'>;

export type DocumentFormat = 'pdf' | 'csv' | 'json' | 'parquet';

export interface MadeFile {
  fileName: string;
  rows: number;
  content: string | Uint8Array;
}

const mostLines = 20_000;
/** The longest document, in lines, that the shared PDF thread makes; its memory is limited. */
const usualLines = 1000;
/** Without a bound a thread keeps hundreds of megabytes that it no longer needs. */
const usualMemory = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 192 };
const idleFor = 30_000;

/** Makes the files of issued statements. PDFs are made in a thread that ends when nothing is asked. */
export class StatementFiles {
  readonly #store: CustomerStore;
  readonly #register: CustomerRegister;
  #worker: WorkerClient<PdfMethods> | null = null;
  #underWay = 0;
  /** The logo that was looked at last and can be used. */
  #sound: string | null = null;
  #idle: NodeJS.Timeout | undefined;

  constructor(store: CustomerStore, register: CustomerRegister) {
    this.#store = store;
    this.#register = register;
  }

  /** Who sends statements; empty until it is set. */
  async provider(): Promise<Provider> {
    const kept = await this.#store.ask('readSetting', { name: 'provider' });
    return { ...noProvider, ...(kept as Partial<Provider> | null) };
  }

  /** @throws AppError `FILE_INVALID` for a logo that no document can hold */
  async setProvider(provider: Provider): Promise<Provider> {
    this.#assertLogo(provider);
    await this.#store.ask('writeSetting', { name: 'provider', value: provider });
    return provider;
  }

  /** One that was saved by an earlier version was not looked at then. */
  #assertLogo({ logo }: Provider): void {
    if (logo === null || logo === this.#sound) return;
    checkLogo(logo);
    this.#sound = logo;
  }

  /** One issued statement of a customer as a file. */
  async one(statementId: string, format: DocumentFormat): Promise<MadeFile> {
    return this.make(await this.#register.get(statementId), format);
  }

  /** @throws AppError `INPUT_INVALID` for a PDF of more lines than anybody reads, `FILE_INVALID` (the logo) */
  async make(kept: Kept, format: DocumentFormat): Promise<MadeFile> {
    const { issued, statement } = kept;
    const rows = countLines(statement);
    const fileName = exportName(nameParts(issued), format);
    if (format !== 'pdf') {
      return { fileName, rows, content: statementContent(statement, format, issued) };
    }
    if (rows > mostLines) throw tooLong(issued);
    const corrects =
      issued.corrects === null ? null : await this.#register.numberOf(issued.corrects);
    const provider = await this.provider();
    this.#assertLogo(provider);
    const pages = { ...kept, corrects, provider };
    return { fileName, rows, content: await this.#pdf(pages, rows) };
  }

  /** Several statements in one zip, with a table of them; its parts are made as they are taken. */
  zip(of: {
    name: string;
    statementIds: readonly string[];
    formats: readonly DocumentFormat[];
    signal: AbortSignal;
  }): Omit<MadeFile, 'content'> & { content: AsyncIterable<Uint8Array> } {
    const zip = new ZipFile();
    const output = zip.outputStream as Readable;
    const fileName = exportName([of.name], 'zip');
    this.#fill(zip, of).catch((thrown) => output.destroy(toAppError(thrown)));
    return { fileName, rows: of.statementIds.length, content: output };
  }

  async #fill(zip: ZipFile, of: Parameters<StatementFiles['zip']>[0]): Promise<void> {
    const { statementIds, formats, signal } = of;
    const listed: Issued[] = [];
    for (const statementId of statementIds) {
      signal.throwIfAborted();
      const kept = await this.#register.get(statementId);
      const mtime = new Date(kept.issued.issuedAt);
      for (const format of formats) {
        const fileName = exportName(nameParts(kept.issued), format);
        const make = async () => (await this.make(kept, format)).content;
        await addWhenTaken(zip, { fileName, mtime, isPacked: format === 'pdf' }, make);
      }
      listed.push(kept.issued);
    }
    zip.addBuffer(Buffer.from(tableOf(listed)), 'statements.csv', {
      mtime: new Date(Math.max(0, ...listed.map(({ issuedAt }) => Date.parse(issuedAt)))),
    });
    zip.end();
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  async #pdf(pages: StatementPages, rows: number): Promise<Uint8Array> {
    if (rows > usualLines) return largePdf(pages);
    clearTimeout(this.#idle);
    this.#underWay += 1;
    try {
      this.#worker ??= startWorker(usualMemory);
      return await this.#worker.ask('statement', pages);
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) {
        this.#idle = setTimeout(() => void this.close(), idleFor);
        this.#idle.unref();
      }
    }
  }
}

function startWorker(limits?: ResourceLimits): WorkerClient<PdfMethods> {
  return new WorkerClient(workerEntry(import.meta.url, 'pdf-worker'), {}, limits);
}

/** Makes a long PDF in its own thread, which uses as much memory as needed and ends afterwards. */
async function largePdf(pages: StatementPages): Promise<Uint8Array> {
  const worker = startWorker();
  try {
    return await worker.ask('statement', pages);
  } finally {
    await worker.terminate();
  }
}

/**
 * Adds a file that is made only once the files before it were written: a zip keeps whole files in
 * memory until then. Such entries are always compressed, since some programs can't read streamed entries
 * that are stored; files that are compressed already get the lowest level.
 */
function addWhenTaken(
  zip: ZipFile,
  { fileName, mtime, isPacked }: { fileName: string; mtime: Date; isPacked: boolean },
  make: () => Promise<string | Uint8Array>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { mtime, compress: true, ...(isPacked ? { compressionLevel: 1 } : {}) };
    zip.addReadStreamLazy(fileName, options, (take) => {
      make().then((content) => {
        take(null, Readable.from([Buffer.from(content)]));
        resolve();
      }, reject);
    });
  });
}

const noProvider: Provider = { name: '', address: '', taxId: '', terms: '', logo: null };

function nameParts(issued: Issued): (string | undefined)[] {
  const { number, customerName, state } = issued;
  return ['statement', number, customerName, periodFileName(issued), state];
}

function tableOf(statements: readonly Issued[]): string {
  const columns = ['number', 'customer', 'from', 'to', 'state', 'total', 'currency', 'sha256'];
  const rows = statements.map((issued) => {
    const { number, customerName = '', from, to, state, total, minorDigits, currency } = issued;
    const amount = amountDecimal(total, minorDigits);
    return [number, customerName, from, to, state, amount, currency, issued.digest];
  });
  return toCsv({ columns, rows });
}

function tooLong({ number }: Issued): AppError {
  return invalidInput(
    `${number} has more than ${mostLines.toLocaleString('en-US')} lines.`,
    'Export it as CSV or JSON.',
  );
}
