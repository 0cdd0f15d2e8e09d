import { OPENIM_REVISIONS, TENCENT_REVISIONS } from '@confab-im/protocol';
import { type EndpointSettings, STANDARD_REVISIONS } from '../endpoint.ts';

export type Dialect = EndpointSettings['dialect'];

export type Revision = EndpointSettings['revision'];

export const REVISIONS: Readonly<Record<Dialect, readonly Revision[]>> = {
  tencent: TENCENT_REVISIONS,
  openim: OPENIM_REVISIONS,
  standard: STANDARD_REVISIONS,
};

export const DIALECTS = ['tencent', 'openim', 'standard'] as const satisfies readonly Dialect[];
export const DIALECT_EXPECTS = `one of ${DIALECTS.join(', ')}`;
export const REVISION_EXPECTS = DIALECTS.map(
  (dialect) => `for ${dialect} one of ${REVISIONS[dialect].join(', ')}`,
).join(', ');

/** What stands in for a missing key where that depends on the dialect (tencent-webhooks A.6; openim A.4). */
export const DIALECT_DEFAULTS = {
  tencent: { revision: 'G5', timeoutMs: 2_000 },
  openim: { revision: 'main', timeoutMs: 5_000 },
  standard: { revision: '1', timeoutMs: 2_000 },
} as const;
