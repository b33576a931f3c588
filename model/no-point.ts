/** Environment variable: names of services, separated by commas, that no point is taken of before a risk. */
export const noPointVariable = "CLUSTER_STORAGE_NO_POINT";

/** The services that the variable names. */
export const withoutPoint = (env: NodeJS.ProcessEnv): string[] => (env[noPointVariable] ?? "").split(/[\s,]+/);

/** Minutes for which a point is new enough before a risk. */
export const freshFor = 30;

/** Why there is no point, without the words with which a backup's job says again that there is none. */
export const whyNoPoint = (words: string): string =>
  words.replace(/^\S+ was not backed up, and no point was made: /, "");
