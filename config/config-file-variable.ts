/** Names the config file that the CLI was given by `--config-file`: Pulumi doesn't tell the program. */
export const configFileVariable = "CLUSTER_STORAGE_CONFIG_FILE";
