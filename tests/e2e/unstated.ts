/** What the policy `backup-stated` says of the dev stack, whose file says nothing of backups. */
export const unstated =
  "PersistentVolumeClaim local-ai-data/neo4j-data, PersistentVolumeClaim local-ai-data/postgres-data, " +
  "PersistentVolumeClaim local-ai-data/qdrant-data, PersistentVolumeClaim local-ai-flowise/flowise-data, " +
  "PersistentVolumeClaim local-ai-n8n/n8n-data, PersistentVolumeClaim local-ai-search/searxng-data, " +
  "PersistentVolumeClaim local-ai-system/redis-data, PersistentVolumeClaim taskflow/app-storage, " +
  "PersistentVolumeClaim taskflow/logs-storage and PersistentVolumeClaim taskflow/postgres-data-taskflow-db-0 say " +
  'nothing of a backup; name it in the annotation cluster-storage/backup, or set it to "none: REASON"';

/** What the program itself says of it. */
export const warned =
  "flowise, n8n, neo4j, postgres, qdrant, redis, searxng, taskflow and taskflow-db have no backup, and their entries " +
  "give no reason, so what a disk loses is gone. Say in cluster-storage:backups where the data of all services shall " +
  "go (docs/backups.md), or write backup: none and because: REASON into the entry of each that needs none";
