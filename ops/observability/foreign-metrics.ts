/** Metrics in panels and rules that no process of ours tells, and who does. */
export const foreignMetrics: Readonly<Record<string, 'prometheus' | 'node_exporter' | 'redis_exporter' | 'redpanda'>> = {
  up: 'prometheus',
  node_cpu_seconds_total: 'node_exporter',
  node_filesystem_avail_bytes: 'node_exporter',
  node_filesystem_size_bytes: 'node_exporter',
  node_memory_MemAvailable_bytes: 'node_exporter',
  redis_commands_processed_total: 'redis_exporter',
  redis_connected_clients: 'redis_exporter',
  redis_evicted_keys_total: 'redis_exporter',
  redis_memory_max_bytes: 'redis_exporter',
  redis_memory_used_bytes: 'redis_exporter',
  redpanda_kafka_request_bytes_total: 'redpanda',
  redpanda_kafka_under_replicated_replicas: 'redpanda',
  redpanda_storage_disk_free_bytes: 'redpanda'
}
