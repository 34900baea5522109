// What OpenFunction's own dapr-proxy does with a topic event, without the rest of it: Dapr's Go SDK takes the event, a
// grpc-go client sends it on. It listens on PORT and forwards to FUNCTION_HOST:FUNCTION_PORT.
package main

import (
	"context"
	"net"
	"os"

	pb "github.com/dapr/dapr/pkg/proto/runtime/v1"
	"github.com/dapr/go-sdk/service/common"
	daprd "github.com/dapr/go-sdk/service/grpc"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	address := net.JoinHostPort(os.Getenv("FUNCTION_HOST"), os.Getenv("FUNCTION_PORT"))
	conn, err := grpc.NewClient("dns:///"+address, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultServiceConfig(`{"loadBalancingPolicy":"round_robin"}`))
	must(err)
	client := pb.NewAppCallbackClient(conn)
	service, err := daprd.NewService("127.0.0.1:" + os.Getenv("PORT"))
	must(err)
	forward := func(ctx context.Context, e *common.TopicEvent) (bool, error) {
		_, err := client.OnTopicEvent(ctx, &pb.TopicEventRequest{
			Id: e.ID, Source: e.Source, Type: e.Type, SpecVersion: e.SpecVersion,
			DataContentType: e.DataContentType, Data: e.RawData, Topic: e.Topic, PubsubName: e.PubsubName,
		})
		return err != nil, err
	}
	must(service.AddTopicEventHandler(&common.Subscription{PubsubName: "bench", Topic: "events"}, forward))
	must(service.Start())
}
