/** Tells the person at the terminal, on standard error: standard output belongs to the program. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}
