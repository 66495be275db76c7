/** What is used of pdfmake, which has no types. */
declare module 'pdfmake' {
  interface PdfMake {
    virtualfs: { writeFileSync(name: string, content: Uint8Array): void };
    setFonts(fonts: Record<string, Record<string, string>>): void;
    setUrlAccessPolicy(allows: (url: string) => boolean): void;
    setLocalAccessPolicy(allows: (path: string) => boolean): void;
    createPdf(definition: object, options?: object): { getBuffer(): Promise<Buffer> };
  }
  const pdfMake: PdfMake;
  // biome-ignore lint/style/noDefaultExport: the library has one
  export default pdfMake;
}

declare module 'pdfmake/build/vfs_fonts.js' {
  const files: Record<string, string>;
  // biome-ignore lint/style/noDefaultExport: the library has one
  export default files;
}
