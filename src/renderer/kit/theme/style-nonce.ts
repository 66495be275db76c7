/** The nonce that this page's policy asks of inline style elements; empty where none is asked. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}

// the scroll lock behind dialogs writes a style element, too, and looks for its nonce here
Object.assign(globalThis, { __webpack_nonce__: styleNonce() });
