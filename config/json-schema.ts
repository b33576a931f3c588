/** What is used of JSON Schema, draft 7. */
export interface JsonSchema {
  [keyword: string]: unknown;
  description?: string;
  default?: unknown;
  /** What holds where the key is left out and no value can be named. Only our pages have it. */
  otherwise?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  additionalProperties?: JsonSchema | boolean;
}
