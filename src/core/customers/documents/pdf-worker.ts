/// <reference path="./pdfmake.d.ts" />
import pdfMake from 'pdfmake';
import fonts from 'pdfmake/build/vfs_fonts.js';
import { serveWorker } from '../../store/sqlite/worker.ts';
import { glyphsOf, withoutShaping } from './plain-font.ts';
import { toPrintable } from './printable.ts';
import { type StatementPages, statementDocument } from './statement-document.ts';

const faces = { normal: 'Roboto-Regular.ttf', bold: 'Roboto-Medium.ttf' };

for (const name of Object.values(faces)) {
  const font = Buffer.from(fonts[name] ?? '', 'base64');
  pdfMake.virtualfs.writeFileSync(name, withoutShaping(font));
}
const hasGlyph = glyphsOf(Buffer.from(fonts[faces.normal] ?? '', 'base64'));
pdfMake.setFonts({ Roboto: faces });
// Names of customers and terms are text: nothing in a document is fetched or read from the disk.
pdfMake.setUrlAccessPolicy(() => false);
pdfMake.setLocalAccessPolicy(() => false);

const methods = {
  statement: async (pages: StatementPages): Promise<Uint8Array> => {
    const { value, lost } = toPrintable(pages, hasGlyph);
    const document = statementDocument({ ...value, lettersLost: lost });
    return new Uint8Array(await pdfMake.createPdf(document).getBuffer());
  },
};

/** What the thread that makes PDFs offers. */
export type PdfMethods = typeof methods;

serveWorker(methods);
