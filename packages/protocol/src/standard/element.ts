import Type from 'typebox';

/** One element of a message, wire spelling kept. */
export const Element = Type.Object({
  MsgType: Type.String({ minLength: 1, description: 'Kind of element, such as TIMTextElem' }),
  MsgContent: Type.Record(Type.String(), Type.Unknown(), { description: 'Content, by kind' }),
});
