export function runtimeFlags(processors: number): string[];
