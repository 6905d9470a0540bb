import { jsonText } from '../experiment/json-text.ts';
import { specSchema } from '../experiment/spec-schema.ts';
import { sweepSchema } from '../experiment/sweep-schema.ts';

export const schemaKinds = ['run', 'sweep'] as const;

/** `first-light schema [run|sweep]` */
export function schemaCommand(kind: (typeof schemaKinds)[number]): void {
  process.stdout.write(jsonText(kind === 'sweep' ? sweepSchema() : specSchema()));
}
