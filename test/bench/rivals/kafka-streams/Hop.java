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
 * <p>Arguments are {@code name=value}: {@code input}, {@code output} and {@code store}; every other one is a setting of Kafka Streams under
 * its own name, and what is not set has Kafka Streams' default. Says on stdout {@code ready} when it has its partitions, and {@code cycle
 * RECORDS MS} after each transaction. Ends in good order when its stdin ends, so also when the benchmark dies.
 */
public final class Hop {
    /** Where a value keeps the count of its key, as in hop/job.ts. */
    private static final int COUNT_AT = 8;

    public static void main(String[] arguments) throws Exception {
        Map<String, String> settings = Arrays.stream(arguments)
            .map(argument -> argument.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        String output = settings.remove("output");
        MeasuredClients clients = new MeasuredClients(output);
        Topology topology = topology(settings.remove("input"), settings.remove("store"), output);
        Properties properties = new Properties();
        properties.putAll(settings);
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        KafkaStreams streams = new KafkaStreams(topology, properties, clients);
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
    private static Topology topology(String input, String store, String output) {
        Serde<byte[]> bytes = Serdes.ByteArray();
        return new Topology()
            .addSource("in", bytes.deserializer(), bytes.deserializer(), input)
            .addProcessor("count", () -> new Count(store), "in")
            .addStateStore(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(store), bytes, bytes).withCachingDisabled(), "count")
            .addSink("out", output, bytes.serializer(), bytes.serializer(), "count");
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
