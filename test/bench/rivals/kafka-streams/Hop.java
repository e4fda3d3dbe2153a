import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * The hop on Kafka Streams: get and put of the key's state in RocksDB with a changelog, one output, exactly once (v2).
 *
 * <p>Takes its job as {@code name=value} arguments. Says on stdout {@code ready} when it has its partitions, and {@code cycle RECORDS MS}
 * after each transaction. Ends in good order when its stdin ends, so also when the benchmark dies.
 */
public final class Hop {
    /** Where a value keeps the count of its key, as in hop/job.ts. */
    private static final int COUNT_AT = 8;

    public static void main(String[] arguments) throws Exception {
        Map<String, String> job = Arrays.stream(arguments)
            .map(argument -> argument.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        MeasuredClients clients = new MeasuredClients(job.get("output"));
        KafkaStreams streams = new KafkaStreams(topology(job), settings(job), clients);
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.RUNNING) clients.ready();
        });
        streams.setUncaughtExceptionHandler(error -> {
            error.printStackTrace();
            Runtime.getRuntime().halt(1);
            return null;
        });
        streams.start();
        while (System.in.read() >= 0) { }
        streams.close();
    }

    /** The store has the name that gives its changelog the name it has for every contender. Its record cache is off: see README.md. */
    private static Topology topology(Map<String, String> job) {
        Serde<byte[]> bytes = Serdes.ByteArray();
        String store = job.get("store");
        return new Topology()
            .addSource("in", bytes.deserializer(), bytes.deserializer(), job.get("input"))
            .addProcessor("count", () -> new Count(store), "in")
            .addStateStore(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(store), bytes, bytes).withCachingDisabled(), "count")
            .addSink("out", job.get("output"), bytes.serializer(), bytes.serializer(), "count");
    }

    /** Kafka Streams' own defaults, but for what the job says; {@code commitMs} also bounds how long it may sit in a poll before it commits. */
    private static Properties settings(Map<String, String> job) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, job.get("application"));
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, job.get("brokers"));
        settings.put(StreamsConfig.STATE_DIR_CONFIG, job.get("stateDir"));
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, job.get("threads"));
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        if (job.containsKey("commitMs")) {
            settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, job.get("commitMs"));
            settings.put(StreamsConfig.POLL_MS_CONFIG, job.get("commitMs"));
        }
        return settings;
    }

    private static final class Count extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
        private final String store;
        private KeyValueStore<byte[], byte[]> rows;

        Count(String store) {
            this.store = store;
        }

        @Override
        public void init(ProcessorContext<byte[], byte[]> context) {
            super.init(context);
            rows = context.getStateStore(store);
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            byte[] before = rows.get(record.key());
            byte[] next = record.value().clone();
            int count = before == null ? 0 : ByteBuffer.wrap(before).getInt(COUNT_AT);
            ByteBuffer.wrap(next).putInt(COUNT_AT, count + 1);
            rows.put(record.key(), next);
            context().forward(record.withValue(next));
        }
    }
}
