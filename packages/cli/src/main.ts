import { CommanderError } from 'commander';
import { codeOf, reasonOf } from './cli-error.ts';
import { buildProgram } from './program.ts';

/**
 * Runs the `confab` command and gives its exit code: 0 only when everything that was asked for succeeded.
 *
 * @param args What follows `confab` on the command line.
 */
export async function main(args: readonly string[]): Promise<number> {
  process.stdout.on('error', endQuietlyWhenReaderIsGone);
  try {
    const program = await buildProgram(args);
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has already said what was wrong; help and version "fail" with 0.
    if (error instanceof CommanderError) return error.exitCode;
    process.stderr.write(`confab: ${reasonOf(error)}\n`);
    return 1;
  }
}

/** `confab … | head` closes our standard output early: that is no error of ours. */
function endQuietlyWhenReaderIsGone(error: Error): void {
  if (codeOf(error) === 'EPIPE') process.exit(0);
  throw error;
}
