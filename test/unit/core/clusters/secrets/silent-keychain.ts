// Stand-in for the keychain's process: ends when it is asked for "end", else never answers.
process.on('message', ({ input }: { input: string[] }) => {
  if (input[1] === 'end') process.exit(1);
});
