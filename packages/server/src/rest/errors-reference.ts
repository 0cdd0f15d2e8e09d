import { ERRORS, type ErrorRow } from '@confab-im/protocol';

const HEAD = `# Errors

This page is made from the table in \`packages/protocol/src/errors.ts\` by \`scripts/docs.ts\`; a test fails when they differ.

The REST API answers every request with HTTP 200 and an envelope: \`ActionStatus\` is \`OK\` or \`FAIL\`, \`ErrorCode\` is 0 or one of
the codes below, and \`ErrorInfo\` is an English sentence about the request at hand: what was wrong, and where. The codes are
those of Tencent Cloud Chat. "Retry" says whether the same request may succeed later without being changed.

| Name | Code | Meaning | What to do | Retry |
| --- | --- | --- | --- | --- |
`;

/** docs/errors.md. The columns are not aligned, so that a new row changes no other. */
export function errorsMarkdown(): string {
  const rows = Object.entries<ErrorRow>(ERRORS)
    .toSorted(([, a], [, b]) => a.code - b.code)
    .map(
      ([name, { code, text, remedy, retryable }]) =>
        `| \`${name}\` | ${code} | ${text} | ${remedy} | ${retryable ? 'yes' : 'no'} |\n`,
    );
  return HEAD + rows.join('');
}
