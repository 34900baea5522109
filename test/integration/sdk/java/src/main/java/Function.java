import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Empty;
import io.dapr.client.DaprClient;
import io.dapr.client.DaprClientBuilder;
import io.dapr.v1.AppCallbackGrpc;
import io.dapr.v1.DaprAppCallbackProtos.ListInputBindingsResponse;
import io.dapr.v1.DaprAppCallbackProtos.ListTopicSubscriptionsResponse;
import io.dapr.v1.DaprAppCallbackProtos.TopicEventRequest;
import io.dapr.v1.DaprAppCallbackProtos.TopicEventResponse;
import io.dapr.v1.DaprAppCallbackProtos.TopicSubscription;
import io.grpc.ServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Map;

/** A function written with Dapr's SDK for Java: each event of its topic is answered with one on its output. */
public class Function extends AppCallbackGrpc.AppCallbackImplBase {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final DaprClient client = new DaprClientBuilder().build();
  private final JsonNode trigger;
  private final JsonNode output;

  private Function(final JsonNode context) {
    trigger = context.at("/triggers/dapr/0");
    output = context.at("/outputs/answers");
  }

  public static void main(final String[] args) throws IOException, InterruptedException {
    final JsonNode context = JSON.readTree(System.getenv("FUNC_CONTEXT"));
    final var server = ServerBuilder.forPort(context.get("port").asInt()).addService(new Function(context)).build().start();
    server.awaitTermination();
  }

  @Override
  public void listTopicSubscriptions(final Empty request, final StreamObserver<ListTopicSubscriptionsResponse> observer) {
    final var subscription = TopicSubscription.newBuilder()
        .setPubsubName(trigger.get("name").asText()).setTopic(trigger.get("topic").asText());
    answer(observer, ListTopicSubscriptionsResponse.newBuilder().addSubscriptions(subscription).build());
  }

  @Override
  public void listInputBindings(final Empty request, final StreamObserver<ListInputBindingsResponse> observer) {
    answer(observer, ListInputBindingsResponse.getDefaultInstance());
  }

  @Override
  public void onTopicEvent(final TopicEventRequest event, final StreamObserver<TopicEventResponse> observer) {
    try {
      final String id = JSON.readTree(event.getData().toByteArray()).get("id").asText();
      client.publishEvent(output.get("componentName").asText(), output.get("topic").asText(), Map.of("id", id)).block();
      answer(observer, TopicEventResponse.getDefaultInstance());
    } catch (final IOException | RuntimeException problem) {
      problem.printStackTrace();
      observer.onError(problem);
    }
  }

  private static <T> void answer(final StreamObserver<T> observer, final T message) {
    observer.onNext(message);
    observer.onCompleted();
  }
}
