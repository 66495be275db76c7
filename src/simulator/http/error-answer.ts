import { type Answer, encodeJson, type Refusal } from '../model/answer.ts';
import type { Variants } from '../model/variants.ts';

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => escapes[character] ?? character);
}

/** S3's XML error document. */
export function errorDocument(code: string, message: string, requestId: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    `<Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>` +
    `<Resource></Resource><RequestId>${requestId}</RequestId></Error>`
  );
}

/** A refusal in the form the variant asks for: XML body, `X-Amz-Err-Message`, both, JSON or nothing. */
export function errorAnswer(
  refusal: Refusal,
  form: Variants['errorForm'],
  requestId: string,
): Answer {
  const headers: Record<string, string> = {};
  let body: Uint8Array[] = [];
  if (form === 'header' || form === 'xml-and-header') {
    // Header values are Latin-1 at best: what does not fit is sent as a question mark.
    headers['x-amz-err-message'] = refusal.message.replaceAll(/[^\x20-\x7e]/g, '?');
  }
  if (form === 'xml' || form === 'xml-and-header') {
    headers['content-type'] = 'application/xml';
    body = [Buffer.from(errorDocument(refusal.code, refusal.message, requestId))];
  }
  if (form === 'json') {
    headers['content-type'] = 'application/json';
    body = [Buffer.from(encodeJson({ code: refusal.code, message: refusal.message }))];
  }
  return { status: refusal.status, headers, body, changes: [] };
}
