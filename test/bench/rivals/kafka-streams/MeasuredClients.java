import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * The clients that Kafka Streams would make itself, which also tell when a transaction is committed, how many outputs were in it, and how
 * long ago the first of its records was consumed. A stream thread has one consumer and one producer, and uses both by itself alone.
 */
final class MeasuredClients implements KafkaClientSupplier {
    private static final class Cycle {
        long startedNs;
        int records;
    }

    private final String output;
    private final AtomicBoolean isReady = new AtomicBoolean();
    private final ThreadLocal<Cycle> cycles = ThreadLocal.withInitial(Cycle::new);

    MeasuredClients(String output) {
        this.output = output;
    }

    void ready() {
        if (isReady.compareAndSet(false, true)) say("ready");
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()) {
            @Override
            public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
                if (!records.isEmpty()) begin();
                return records;
            }
        };
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()) {
            @Override
            public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
                if (record.topic().equals(output)) begin().records++;
                return super.send(record, callback);
            }

            @Override
            public void commitTransaction() {
                super.commitTransaction();
                end();
            }
        };
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return getRestoreConsumer(config);
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    private Cycle begin() {
        Cycle cycle = cycles.get();
        if (cycle.startedNs == 0) cycle.startedNs = System.nanoTime();
        return cycle;
    }

    private void end() {
        Cycle cycle = cycles.get();
        if (cycle.records > 0) say("cycle " + cycle.records + " " + (System.nanoTime() - cycle.startedNs) / 1e6);
        cycle.startedNs = 0;
        cycle.records = 0;
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
