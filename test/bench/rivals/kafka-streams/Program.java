import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/**
 * What the programs have in common: a topology run exactly once (v2). Says on stdout {@code ready} when it has its partitions, and {@code
 * cycle RECORDS MS} after each transaction. Ends in good order when its stdin ends, so also when the benchmark dies.
 */
final class Program {
    private Program() { }

    /** Arguments {@code name=value} by name; can be changed. */
    static Map<String, String> settings(String[] arguments) {
        return Arrays.stream(arguments)
            .map(argument -> argument.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    /** Runs it with these settings of Kafka Streams, until stdin ends. */
    static void run(Topology topology, Map<String, String> settings, MeasuredClients clients) throws Exception {
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
}
