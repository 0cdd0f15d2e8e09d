import { GROUP_TYPES, type GroupType } from '@confab-im/protocol';

const NEWER_NAMES: ReadonlyMap<string, GroupType> = new Map([
  ['Work', 'Private'],
  ['Meeting', 'ChatRoom'],
]);

/** A group type by its own or its newer name; undefined for others, such as BChatRoom (tencent-rest G.1 no. 25). */
export function groupTypeOf(name: string): GroupType | undefined {
  return NEWER_NAMES.get(name) ?? GROUP_TYPES.find((type) => type === name);
}
