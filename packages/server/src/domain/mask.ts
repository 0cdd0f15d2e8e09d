/** Stands for a secret in every answer. Sent back, it means: keep the stored value. */
export const MASK = '********';
