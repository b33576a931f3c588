export const mandatory = {
  level: "mandatory",
  policy: "protected-claim",
  resource: "PersistentVolumeClaim redis-data",
  message: "is not protected | at all",
} as const;
