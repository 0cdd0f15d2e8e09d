import { Command } from 'commander';
import { packageVersion } from './version.ts';

interface CommandEntry {
  readonly summary: string;
  /** The command's own file is loaded only when it is called or asked for help: `usersig` never loads the server. */
  readonly load: () => Promise<{ configure(command: Command): void }>;
}

const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  serve: {
    summary: 'run the server: REST, webhooks, admin API',
    load: () => import('./commands/serve.ts'),
  },
  record: {
    summary: 'run the ready-made app backend: receive, verify, record and count webhooks',
    load: () => import('./commands/record.ts'),
  },
  usersig: {
    summary: 'make, check or explain a UserSig',
    load: () => import('./commands/usersig.ts'),
  },
  send: {
    summary: 'send a group message by REST',
    load: () => import('./commands/send.ts'),
  },
  replay: {
    summary: 'send events to an endpoint again',
    load: () => import('./commands/replay.ts'),
  },
  deadletters: {
    summary: 'list and replay deliveries that were given up',
    load: () => import('./commands/deadletters.ts'),
  },
  explain: {
    summary: 'say what became of a message at each endpoint, and why',
    load: () => import('./commands/explain.ts'),
  },
  lag: {
    summary: 'show how far each endpoint is behind, and its worst groups',
    load: () => import('./commands/lag.ts'),
  },
  nodes: {
    summary: 'list the processes that share a PostgreSQL database, and what each works on',
    load: () => import('./commands/nodes.ts'),
  },
  check: {
    summary: 'validate a configuration and try its endpoints',
    load: () => import('./commands/check.ts'),
  },
  backup: {
    summary: 'copy the SQLite file as it is at one moment, while the server runs',
    load: () => import('./commands/backup.ts'),
  },
  restore: {
    summary: 'put a backup back, so that it gives out no number twice',
    load: () => import('./commands/restore.ts'),
  },
  migrate: {
    summary: 'move all state from SQLite to PostgreSQL, or back',
    load: () => import('./commands/migrate.ts'),
  },
  demo: {
    summary: 'server and recorder together, with a short conversation (npm start)',
    load: () => import('./commands/demo.ts'),
  },
};

/** The parser for these arguments: every command by name and summary, the one that is called complete. */
export async function buildProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('confab')
    .description(
      'Self-hosted group chat that speaks Tencent Cloud Chat and OpenIM; no webhook is ever lost or reordered.',
    )
    .version(packageVersion())
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .showHelpAfterError('Run it with --help for what it takes.')
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'confab: ')) })
    .exitOverride();
  const [first, second] = args.filter((arg) => !arg.startsWith('-'));
  const called = first === 'help' ? second : first;
  for (const [name, { summary, load }] of Object.entries(COMMANDS)) {
    const command = program.command(name).description(summary);
    if (name === called) (await load()).configure(command);
  }
  return program;
}
