/** The files that the page under test handed to the operator; setup.ts empties it after each test. */
export const savedFiles: { name: string; content: Blob }[] = [];
