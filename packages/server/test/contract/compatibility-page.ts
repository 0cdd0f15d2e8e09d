import { COMMANDS } from '../../src/rest/commands.ts';
import { REST_NAVIGATION } from '../../src/rest/openapi/navigation.ts';
import type { Contract } from './contract.ts';
import { loadContracts } from './load.ts';
import { WEBHOOK_FIELDS } from './webhook-fields.ts';
import { WEBHOOK_DIFFERENCES, WEBHOOK_NAVIGATION, WEBHOOK_NOT_YET } from './webhook-navigation.ts';

const HEAD = `# Compatibility with Tencent Cloud Chat

This page is made by \`scripts/docs.ts\` from the table of routes, from the cases in \`packages/server/test/contract\`, and from the
navigation of Tencent's documentation; a test fails when they differ. *works* stands only where cases show, over real HTTP, that the
command succeeds as documented, and what it refuses and that it then changes nothing. Of a webhook they show every documented field of
its body as it arrived at a receiver. Old and new names of fields are taken side by side, and both are answered.
`;

const REST_TABLE = '| No. | API | Command | |\n| --- | --- | --- | --- |';
const WEBHOOK_TABLE = '| No. | Webhook | Command | |\n| --- | --- | --- | --- |';

/** The commands of the route table, as `service/command`. */
export const SERVED: ReadonlySet<string> = new Set(
  COMMANDS.map(({ service, name }) => `${service.name}/${name}`),
);

/** docs/compatibility.md. The columns are not aligned, so that a new row changes no other. */
export async function compatibilityMarkdown(): Promise<string> {
  const contracts = await loadContracts();
  const byCommand = new Map(contracts.map((contract) => [contract.command, contract]));
  const rest = REST_NAVIGATION.map(({ heading, apis }) => {
    const rows = apis.map(([number, title, command]) =>
      command === undefined
        ? `| ${number} | ${title} | | a page, no API |`
        : row(number, title, namesOf(command, byCommand.get(command)), restState(byCommand.get(command))),
    );
    return section(heading, REST_TABLE, rows);
  });
  const outside = contracts
    .filter(({ api }) => api === undefined)
    .map((contract) => row('', '', namesOf(contract.command, contract), restState(contract)));
  const shown = shownWebhooks(contracts);
  const webhooks = WEBHOOK_NAVIGATION.map(({ heading, webhooks }) =>
    section(
      heading,
      WEBHOOK_TABLE,
      webhooks.map(([number, title, command]) =>
        row(
          number,
          title,
          `\`${command}\``,
          shown.has(command) ? works(WEBHOOK_DIFFERENCES[command]) : notYet(WEBHOOK_NOT_YET[command]),
        ),
      ),
    ),
  );
  return [
    HEAD,
    '## REST APIs\n',
    ...rest,
    ...(outside.length === 0 ? [] : [section('Outside of the navigation', REST_TABLE, outside)]),
    '## Webhooks\n',
    ...webhooks,
  ].join('\n');
}

/** Every `CallbackCommand` of whose body the cases, taken together, look at all that is documented. */
export function shownWebhooks(contracts: readonly Contract[]): ReadonlySet<string> {
  return new Set(
    Object.keys(WEBHOOK_FIELDS).filter((command) => unseenFields(contracts, command).length === 0),
  );
}

/** The documented fields that no case looks at. */
export function unseenFields(contracts: readonly Contract[], command: string): readonly string[] {
  const bodies = contracts
    .flatMap(({ cases }) => cases.flatMap(({ webhooks = [] }) => webhooks))
    .filter(({ CallbackCommand }) => CallbackCommand === command);
  return (WEBHOOK_FIELDS[command] ?? []).filter((field) => bodies.every((body) => body[field] === undefined));
}

function section(heading: string, head: string, rows: readonly string[]): string {
  return `### ${heading}\n\n${head}\n${rows.join('\n')}\n`;
}

function row(number: number | '', title: string, command: string, state: string): string {
  return `| ${number} | ${title} | ${command} | ${state} |`;
}

function namesOf(command: string, contract: Contract | undefined): string {
  return [command, ...(contract?.otherNames ?? [])].map((name) => `\`${name}\``).join(', also ');
}

function restState(contract: Contract | undefined): string {
  if (contract === undefined || !SERVED.has(contract.command)) return 'not yet';
  return works(contract.differences);
}

function notYet(why: string | undefined): string {
  return why === undefined ? 'not yet' : `not yet: ${why}`;
}

function works(differences: readonly string[] | undefined): string {
  return differences === undefined ? '*works*' : `*works with a difference*: ${differences.join(' ')}`;
}
