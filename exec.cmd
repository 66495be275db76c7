@rem Scripts begin with "exec", so that a signal sent to npm reaches the program. This is exec where the shell has none.
@%*
