/** Where a CSI driver finds a Secret, for each call that needs it: parameters of the class. */
export function secretParameters(calls: Record<string, string>, namespace: string): Record<string, string> {
  const entries = Object.entries(calls).flatMap(([call, secret]) => [
    [`csi.storage.k8s.io/${call}-secret-name`, secret],
    [`csi.storage.k8s.io/${call}-secret-namespace`, namespace],
  ]);
  return Object.fromEntries(entries);
}
