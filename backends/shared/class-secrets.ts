/** The parameters of a class that tell a CSI driver where to find the Secret for each call. */
export function secretParameters(calls: Record<string, string>, namespace: string): Record<string, string> {
  const entries = Object.entries(calls).flatMap(([call, secret]) => [
    [`csi.storage.k8s.io/${call}-secret-name`, secret],
    [`csi.storage.k8s.io/${call}-secret-namespace`, namespace],
  ]);
  return Object.fromEntries(entries);
}
