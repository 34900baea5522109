// A function written with Dapr's SDK for Go: each event of its topic is answered with one on its output.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"sync"

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
	// At the first event: it waits for the sidecar, which waits for this function.
	connect := sync.OnceValues(dapr.NewClient)
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
			client, err := connect()
			if err != nil {
				return true, err
			}
			return true, client.PublishEvent(ctx, output.ComponentName, output.Topic, order)
		}))
	must(server.Start())
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
