// A function written with Dapr's SDK for Go: each event of its topic is answered with one on its output.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"

	dapr "github.com/dapr/go-sdk/client"
	"github.com/dapr/go-sdk/service/common"
	"github.com/dapr/go-sdk/service/grpc"
)

type functionContext struct {
	Port     string
	Triggers struct {
		Dapr []struct{ Name, Topic string }
	}
	Outputs map[string]struct{ ComponentName, Topic string }
}

func main() {
	var fn functionContext
	must(json.Unmarshal([]byte(os.Getenv("FUNC_CONTEXT")), &fn))
	trigger, output := fn.Triggers.Dapr[0], fn.Outputs["answers"]
	client, err := dapr.NewClient()
	must(err)
	server, err := grpc.NewService(":" + fn.Port)
	must(err)
	must(server.AddTopicEventHandler(&common.Subscription{PubsubName: trigger.Name, Topic: trigger.Topic},
		func(ctx context.Context, event *common.TopicEvent) (retry bool, err error) {
			var order struct {
				ID string `json:"id"`
			}
			if err := event.Struct(&order); err != nil {
				return false, err
			}
			return true, client.PublishEvent(ctx, output.ComponentName, output.Topic, order)
		}))
	log.Print("listening")
	must(server.Start())
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
