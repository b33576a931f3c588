/** The part of JSON Schema, draft 7, that this program uses. */
export interface JsonSchema {
  [keyword: string]: unknown;
  description?: string;
  default?: unknown;
  /** What holds when the key is left out and there is no default value to name. Only our own pages show it. */
  otherwise?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  additionalProperties?: JsonSchema | boolean;
}
