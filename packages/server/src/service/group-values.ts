import type { Attributes, AttributeWrite } from '../domain/group-attributes.ts';
import type { Counter, CounterMode, Counters } from '../domain/group-counters.ts';
import { GROUP_TYPE_TRAITS } from '../domain/group-types.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { ResultMap } from '../store/commands.ts';
import { type Caller, commandBase, type ServiceDeps } from './caller.ts';

export function writeAttributes(
  deps: ServiceDeps,
  caller: Caller,
  groupId: string,
  write: AttributeWrite,
): Promise<ResultMap['writeAttributes']> {
  const { operator } = caller;
  const base = commandBase(deps, caller);
  return deps.store.commit({ ...base, type: 'writeAttributes', operator, groupId, write });
}

export async function attributes(
  deps: ServiceDeps,
  caller: Caller,
  groupId: string,
): Promise<Attributes | Refusal> {
  const found = await deps.store.attributes({ app: caller.app, groupId });
  return found?.attributes ?? missing(groupId);
}

export function updateCounters(
  deps: ServiceDeps,
  caller: Caller,
  request: { readonly groupId: string; readonly mode: CounterMode; readonly counters: readonly Counter[] },
): Promise<ResultMap['updateCounters']> {
  return deps.store.commit({ ...request, ...commandBase(deps, caller), type: 'updateCounters' });
}

/** Without `keys` all of them. */
export function deleteCounters(
  deps: ServiceDeps,
  caller: Caller,
  groupId: string,
  keys: readonly string[] | undefined,
): Promise<ResultMap['deleteCounters']> {
  const base = commandBase(deps, caller);
  return deps.store.commit({
    ...base,
    type: 'deleteCounters',
    groupId,
    ...(keys !== undefined && { keys }),
  });
}

export async function counters(
  deps: ServiceDeps,
  caller: Caller,
  groupId: string,
): Promise<Counters | Refusal> {
  const found = await deps.store.counters({ app: caller.app, groupId });
  if (found === undefined) return missing(groupId);
  const { type } = found.group;
  if (GROUP_TYPE_TRAITS[type].counters) return found.counters;
  return refuse('PERMISSION_DENIED', `group "${groupId}" is of type ${type}, which has no counters`);
}

function missing(groupId: string): Refusal {
  return refuse(
    'GROUP_NOT_FOUND',
    `group "${groupId}" does not exist; check the GroupId or create the group`,
  );
}
