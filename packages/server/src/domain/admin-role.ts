/** From most to least: whoever may do what a later one may, and more. */
export const ADMIN_ROLES = ['owner', 'operator', 'read-only'] as const;
export type AdminRole = (typeof ADMIN_ROLES)[number];

/** A named bearer token of the admin API. */
export interface AdminToken {
  readonly name: string;
  readonly token: string;
  readonly role: AdminRole;
}

/** Owners change endpoints, operators run the pipeline (pause, replay), read-only looks on. */
export function roleSuffices(role: AdminRole, needed: AdminRole): boolean {
  return ADMIN_ROLES.indexOf(role) <= ADMIN_ROLES.indexOf(needed);
}
