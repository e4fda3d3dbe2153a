import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
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
 * its own name, and what is not set has Kafka Streams' default. What it says and how it ends: {@link Program}.
 */
public final class Hop {
    /** Where a value keeps the count of its key, as in hop/job.ts. */
    private static final int COUNT_AT = 8;

    public static void main(String[] arguments) throws Exception {
        Map<String, String> settings = Program.settings(arguments);
        String output = settings.remove("output");
        MeasuredClients clients = new MeasuredClients(output);
        Topology topology = topology(settings.remove("input"), settings.remove("store"), output);
        Program.run(topology, settings, clients);
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
