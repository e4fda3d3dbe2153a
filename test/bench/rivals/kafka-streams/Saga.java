import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The bare saga on Kafka Streams, exactly once (v2): the topology of saga/job.ts step by step, with the same topics, keys, bytes and stores.
 *
 * <p>Arguments are {@code name=value}: {@code prefix} of the topics, {@code cached} (true: stores have Kafka Streams' record cache); every
 * other one is a setting of Kafka Streams under its own name, and what is not set has its default.
 */
public final class Saga {
    /** The layout of a value and of a row, as in saga/job.ts. */
    private static final int PHASE_AT = 0;
    private static final int QUANTITY_AT = 1;
    private static final int PART_AT = 2;
    private static final int LEFT_AT = 12;
    private static final int ORDER_AT = 16;
    private static final int ORDER_BYTES = 16;
    private static final int SKU_AT = 32;
    private static final int SKU_BYTES = 10;

    private static final int PARTS = 2;
    private static final int OPENING_STOCK = 1_000_000_000;
    private static final byte CREATED = 0;
    private static final byte ALL_RESERVED = 3;
    private static final byte CONFIRMED = 7;

    private static final Serde<byte[]> BYTES = Serdes.ByteArray();

    public static void main(String[] arguments) throws Exception {
        Map<String, String> settings = Program.settings(arguments);
        String prefix = settings.remove("prefix");
        boolean isCached = Boolean.parseBoolean(settings.remove("cached"));
        Program.run(topology(prefix, isCached), settings, new MeasuredClients(prefix + "-shipping-commands"));
    }

    /** The stores have the names of the runtime's nodes, which gives their changelogs the names they have for every contender. */
    private static Topology topology(String prefix, boolean isCached) {
        Topology topology = new Topology();
        source(topology, "place-order", prefix + "-orders-commands");
        source(topology, "stock-reserved", prefix + "-inventory-replies");
        source(topology, "payment-authorised", prefix + "-payments-events");
        topology
            .addProcessor("place", Place::new, "place-order")
            .addProcessor("reserved", Reserved::new, "stock-reserved")
            .addProcessor("authorised", Authorised::new, "payment-authorised")
            .addStateStore(store("orders", isCached), "place", "reserved", "authorised");
        sink(topology, "reserve-stock", prefix + "-inventory-commands", "place");
        sink(topology, "order-event", prefix + "-orders-events", "place", "authorised");
        sink(topology, "authorise-payment", prefix + "-payments-commands", "reserved");
        sink(topology, "create-shipment", prefix + "-shipping-commands", "authorised");

        source(topology, "stock", prefix + "-inventory-commands");
        topology.addProcessor("reserve", Reserve::new, "stock").addStateStore(store("inventory", isCached), "reserve");
        sink(topology, "stock-reply", prefix + "-inventory-replies", "reserve");

        source(topology, "payment", prefix + "-payments-commands");
        topology.addProcessor("authorise", Authorise::new, "payment").addStateStore(store("payments", isCached), "authorise");
        sink(topology, "payment-event", prefix + "-payments-events", "authorise");
        return topology;
    }

    private static void source(Topology topology, String name, String topic) {
        topology.addSource(name, BYTES.deserializer(), BYTES.deserializer(), topic);
    }

    private static void sink(Topology topology, String name, String topic, String... parents) {
        topology.addSink(name, topic, BYTES.serializer(), BYTES.serializer(), parents);
    }

    private static StoreBuilder<KeyValueStore<byte[], byte[]>> store(String name, boolean isCached) {
        StoreBuilder<KeyValueStore<byte[], byte[]>> builder = Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), BYTES, BYTES);
        return isCached ? builder.withCachingEnabled() : builder.withCachingDisabled();
    }

    private abstract static class Step extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
        private final String store;
        KeyValueStore<byte[], byte[]> rows;

        Step(String store) {
            this.store = store;
        }

        @Override
        public void init(ProcessorContext<byte[], byte[]> context) {
            super.init(context);
            rows = context.getStateStore(store);
        }
    }

    private static final class Place extends Step {
        Place() {
            super("orders");
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            if (rows.get(record.key()) != null) return;
            byte[] order = record.value().clone();
            order[PHASE_AT] = CREATED;
            rows.put(record.key(), order);
            context().forward(record.withValue(order), "order-event");
            for (int part = 0; part < PARTS; part++) {
                byte[] request = order.clone();
                request[PART_AT] = (byte) part;
                context().forward(record.withKey(skuOf(order, part)).withValue(request), "reserve-stock");
            }
        }
    }

    private static final class Reserve extends Step {
        Reserve() {
            super("inventory");
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            byte[] before = rows.get(record.key());
            int left = before == null ? OPENING_STOCK : ByteBuffer.wrap(before).getInt(LEFT_AT);
            byte[] next = record.value().clone();
            ByteBuffer.wrap(next).putInt(LEFT_AT, left - next[QUANTITY_AT]);
            rows.put(record.key(), next);
            context().forward(record.withKey(orderOf(next)).withValue(next), "stock-reply");
        }
    }

    private static final class Reserved extends Step {
        Reserved() {
            super("orders");
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            byte[] order = rows.get(record.key()).clone();
            order[PHASE_AT] |= (byte) (1 << record.value()[PART_AT]);
            rows.put(record.key(), order);
            if (order[PHASE_AT] == ALL_RESERVED) context().forward(record.withValue(order), "authorise-payment");
        }
    }

    private static final class Authorise extends Step {
        Authorise() {
            super("payments");
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            if (rows.get(record.key()) != null) return;
            byte[] payment = record.value().clone();
            rows.put(record.key(), payment);
            context().forward(record.withValue(payment), "payment-event");
        }
    }

    private static final class Authorised extends Step {
        Authorised() {
            super("orders");
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            byte[] order = rows.get(record.key()).clone();
            order[PHASE_AT] = CONFIRMED;
            rows.put(record.key(), order);
            context().forward(record.withValue(order), "order-event");
            context().forward(record.withValue(order), "create-shipment");
        }
    }

    private static byte[] orderOf(byte[] value) {
        return Arrays.copyOfRange(value, ORDER_AT, ORDER_AT + ORDER_BYTES);
    }

    private static byte[] skuOf(byte[] value, int part) {
        int at = SKU_AT + part * SKU_BYTES;
        return Arrays.copyOfRange(value, at, at + SKU_BYTES);
    }
}
