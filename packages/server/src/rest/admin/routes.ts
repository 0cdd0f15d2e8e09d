import { ENDPOINT_ROUTES } from './endpoint-routes.ts';
import { EXPLAIN_ROUTES } from './explain-routes.ts';
import { PIPELINE_ROUTES } from './pipeline-routes.ts';
import type { Route } from './route.ts';
import { SERVER_ROUTES } from './server-routes.ts';

/** Where the admin API begins. */
export const ADMIN_PREFIX = '/admin/v1/';

/** Every call of the admin API, in the order of the documentation. */
export const ADMIN_ROUTES: readonly Route[] = [
  ...SERVER_ROUTES,
  ...ENDPOINT_ROUTES,
  ...PIPELINE_ROUTES,
  ...EXPLAIN_ROUTES,
];

/** A route that fits a path, and the values of its parameters. */
export interface Match {
  readonly route: Route;
  readonly params: ReadonlyMap<string, string>;
}

/** All routes with this path (without the prefix), whatever their method. */
export function routesAt(path: string): readonly Match[] {
  const parts = path.split('/').map(decoded);
  return ADMIN_ROUTES.flatMap((route) => {
    const params = match(route.path.split('/'), parts);
    return params === undefined ? [] : [{ route, params }];
  });
}

function match(
  pattern: readonly string[],
  parts: readonly (string | undefined)[],
): Match['params'] | undefined {
  if (pattern.length !== parts.length) return undefined;
  const params = new Map<string, string>();
  for (const [index, step] of pattern.entries()) {
    const part = parts[index];
    if (part === undefined || part === '') return undefined;
    const name = /^\{(.+)\}$/.exec(step)?.[1];
    if (name !== undefined) params.set(name, part);
    else if (step !== part) return undefined;
  }
  return params;
}

/** Undefined for escapes that are none. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
