/** What a pod that copies a volume asks for and may use. */
export const copyAmounts = {
  requests: { cpu: "50m", memory: "128Mi", "ephemeral-storage": "64Mi" },
  limits: { memory: "1Gi", "ephemeral-storage": "512Mi" },
};
