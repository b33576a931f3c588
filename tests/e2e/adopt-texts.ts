/** What adopting says of the seed's claims and workloads. */

export const takeItOver = new RegExp(
  String.raw`services\.redis: claim redis-data is in namespace local-ai-system already and belongs ` +
    String.raw`to no stack; take it over with npm run adopt`,
);

export const redisAsksForLess = new RegExp(
  String.raw`^- PersistentVolumeClaim local-ai-system\/redis-data: it asks for 10Gi, the config ` +
    String.raw`says 1Gi; write services\.redis\.size: 10Gi; it can be changed after the claim belongs to the stack$`,
  "m",
);

export const postgresAsksForLess = new RegExp(
  String.raw`^- PersistentVolumeClaim local-ai-data\/postgres-data: it asks for 100Gi, the config ` +
    String.raw`says 2Gi; write services\.postgres\.size: 100Gi; it can be changed after the claim ` +
    String.raw`belongs to the stack$`,
  "m",
);

export const postgresIsMadeAnew = new RegExp(
  String.raw`\bStatefulSet +local-ai-data\/postgres +1 of 1 pods ready +deleted and made anew by ` +
    String.raw`the next update, because its selector differs; its pods stop, its claims stay$`,
  "m",
);
