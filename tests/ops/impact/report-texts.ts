/** The complete reports on previews that were recorded on the local cluster. */
export const recorded: Record<string, string> = {
  unchanged: `
stack "rec": no data is lost or left unprotected

VOLUME                         SIZE  CLASS       NOTE
rec-cache/redis-data     kept  1Gi   local-path
rec-search/searxng-data  kept  1Gi   local-path

the rest: 16 unchanged`,
  grown: `
stack "rec": no data is lost or left unprotected

VOLUME                          SIZE       CLASS       NOTE
rec-vec/qdrant-data      grown  1Gi → 2Gi  second
rec-cache/redis-data     kept   1Gi        local-path
rec-search/searxng-data  kept   1Gi        local-path

the rest: 25 unchanged`,
  move: `
stack "rec": no data is lost or left unprotected

VOLUME                          SIZE  CLASS       NOTE
rec-cache/redis-data-2   moved  2Gi   second      from redis-data, at most 1Gi; down while it is copied
rec-cache/redis-data     kept   1Gi   local-path  the data goes on in redis-data-2; stays as it is until it is released
rec-search/searxng-data  kept   1Gi   local-path

workloads:
  rec-cache/redis Deployment restarts (volume redis-data → redis-data-2, command)

the rest: 6 created (ConfigMap, Job, NetworkPolicy, Role, RoleBinding, ServiceAccount); 15 unchanged`,
  added: `
stack "rec": no data is lost or left unprotected

VOLUME                            SIZE  CLASS       NOTE
rec-vec/qdrant-data      created  1Gi   second      not protected
rec-cache/redis-data     kept     1Gi   local-path
rec-search/searxng-data  kept     1Gi   local-path

workloads:
  rec-cache/redis Deployment restarts (command)
  rec-vec/qdrant StatefulSet starts

the rest: 8 created (Namespace, 2 NetworkPolicy, RandomPassword, Secret, 2 Service, ServiceAccount); 15 unchanged`,
  image: `
stack "rec": no data is lost or left unprotected

VOLUME                         SIZE  CLASS       NOTE
rec-cache/redis-data     kept  1Gi   local-path
rec-search/searxng-data  kept  1Gi   local-path

workloads:
  rec-search/searxng Deployment restarts (image localhost/cluster-storage/stand-in-searxng:1-583cbac5 → \
localhost/cluster-storage/stand-in-searxng:2)

the rest: 15 unchanged`,
  unprotected: `
stack "rec": DATA AT RISK: rec-search/searxng-data unprotected, Namespace rec-search unprotected, \
RandomPassword searxng-secret unprotected, Secret rec-search/searxng unprotected

VOLUME                                  SIZE  CLASS       NOTE
rec-search/searxng-data  ! unprotected  1Gi   local-path
rec-cache/redis-data     kept           1Gi   local-path

also needed by the data:
  Namespace rec-search is left unprotected
  RandomPassword searxng-secret is left unprotected
  Secret rec-search/searxng is left unprotected

the rest: 16 unchanged`,
  deleted: `
stack "rec": DATA AT RISK: rec-vec/qdrant-data deleted

VOLUME                              SIZE  CLASS       NOTE
rec-vec/qdrant-data      ! deleted  1Gi   second
rec-cache/redis-data     kept       1Gi   local-path
rec-search/searxng-data  kept       1Gi   local-path

workloads:
  rec-vec/qdrant StatefulSet stops

warnings:
  claim qdrant-data in namespace rec-vec is deleted with its data, because services.qdrant was protect: false

the rest: 8 deleted (Namespace, 2 NetworkPolicy, RandomPassword, Secret, 2 Service, ServiceAccount); 16 unchanged`,
  renamed: `
stack "rec": DATA AT RISK: rec-vec/qdrant-data replaced

VOLUME                               SIZE  CLASS       NOTE
rec-vec/qdrant-data      ! replaced  1Gi   second      because of namespace
rec-cache/redis-data     kept        1Gi   local-path
rec-search/searxng-data  kept        1Gi   local-path

workloads:
  rec-find/qdrant StatefulSet is replaced (namespace)

warnings:
  claim qdrant-data in namespace rec-vec is deleted with its data, because services.qdrant was protect: false

the rest: 2 created (Namespace, NetworkPolicy); 5 replaced (NetworkPolicy, Secret, 2 Service, ServiceAccount); \
2 deleted (Namespace, NetworkPolicy); 17 unchanged`,
  "grow-refused": `
stack "rec": DATA AT RISK; the change is refused

refused:
  cluster-storage:services.redis.size: 2Gi is more than the 1Gi of claim redis-data, and its class "local-path" \
can't grow a volume; move the data to another volume: npm run move -- redis --size 2Gi
  cluster-storage:services.searxng.size: 2Gi is more than the 1Gi of claim searxng-data, and its class \
"local-path" can't grow a volume; move the data to another volume: npm run move -- searxng --size 2Gi

the rest: not planned, because the change is refused`,
  "service-removed": `
stack "rec": DATA AT RISK; the change is refused

refused:
  cluster-storage:services.searxng: is gone from the config, but its claim searxng-data is in namespace \
rec-search; to take the service out and keep its data, leave services.searxng in and set run: false

the rest: not planned, because the change is refused`,
  "delete-refused": `
stack "rec": DATA AT RISK: rec-search/searxng-data deleted, Secret rec-search/searxng deleted; the change is refused

refused:
  Secret searxng: is protected, so it is not deleted
  PersistentVolumeClaim searxng-data: is protected, so it is not deleted

VOLUME                              SIZE  CLASS       NOTE
rec-search/searxng-data  ! deleted  1Gi   local-path  stays in the cluster, and no stack looks after it
rec-cache/redis-data     kept       1Gi   local-path

also needed by the data:
  Secret rec-search/searxng is deleted

workloads:
  rec-search/searxng Deployment stops

warnings:
  the config has no services.searxng, but its claim searxng-data is in namespace rec-search. To take the \
service out and keep its data, leave services.searxng in and set run: false.

the rest: 4 deleted (NetworkPolicy, Secret, Service, ServiceAccount); 8 unchanged`,
  "rename-refused": `
stack "rec": DATA AT RISK: rec-search/searxng-data replaced, Secret rec-search/searxng replaced, Namespace \
rec-search deleted; the change is refused

refused:
  PersistentVolumeClaim searxng-data: is protected, so it is not replaced
  Secret searxng: is protected, so it is not replaced
  Namespace rec-search: is protected, so it is not deleted

VOLUME                               SIZE  CLASS       NOTE
rec-search/searxng-data  ! replaced  1Gi   local-path  because of namespace
rec-cache/redis-data     kept        1Gi   local-path

also needed by the data:
  Secret rec-search/searxng is replaced
  Namespace rec-search is deleted

workloads:
  rec-find/searxng Deployment is replaced (namespace)

the rest: 2 created (Namespace, NetworkPolicy); 4 replaced (NetworkPolicy, Secret, Service, ServiceAccount); 2 \
deleted (Namespace, NetworkPolicy); 9 unchanged`,
  quota: `
stack "rec": the cluster can't carry the change, so it is refused; no data is lost

refused:
  preflight quotas: quota rec-cache/storage allows 2Gi of requests.storage with 1Gi in use, and the update asks \
for 2Gi more (redis-data-2); raise it (kubectl -n rec-cache edit resourcequota storage), or ask for less in the \
stack's config

the rest: not planned, because the change is refused`,
};
