// A function as a default Go gRPC server: no keepalive, enforcement or limit option is set, as in most functions. It
// answers every unary method with an empty message, which is SUCCESS for a topic event, and counts events. Messages stay bytes, so it is
// also the callee of the proxy benchmark: cheap enough never to be the bottleneck.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"google.golang.org/grpc"
)

type podConfig struct {
	Name    string `json:"name"`
	Address string `json:"address"`
	Port    int    `json:"port"`
	Ledger  string `json:"ledger"`
	DelayMs int    `json:"delayMs"`
	// The answer to ListTopicSubscriptions, for a sidecar that asks the function itself.
	Subscriptions []byte `json:"subscriptionsBase64"`
}

type rawCodec struct{}

func (rawCodec) Marshal(v any) ([]byte, error) { return *v.(*[]byte), nil }
func (rawCodec) Unmarshal(data []byte, v any) error {
	*v.(*[]byte) = append([]byte(nil), data...)
	return nil
}
func (rawCodec) Name() string { return "proto" }

var idInBody = regexp.MustCompile(`"id":"([^"]+)"`)

// The counters that the benchmark reads: SIGUSR1 prints them as one JSON line and starts anew.
type counters struct {
	handled     atomic.Int64
	first, last atomic.Int64
}

func (c *counters) count() {
	now := time.Now().UnixMicro()
	c.first.CompareAndSwap(0, now)
	c.last.Store(now)
	c.handled.Add(1)
}

func (c *counters) printAndReset() {
	handled := c.handled.Swap(0)
	first, last := c.first.Swap(0), c.last.Swap(0)
	fmt.Printf("{\"handled\":%d,\"firstMicros\":%d,\"lastMicros\":%d}\n", handled, first, last)
}

type ledger struct{ file *os.File }

func (l ledger) write(pod, step, id, reason string) {
	if l.file == nil {
		return
	}
	line, _ := json.Marshal(map[string]string{"pod": pod, "step": step, "id": id, "via": "topic", "action": reason})
	_, _ = l.file.Write(append(line, '\n'))
}

func main() {
	var config podConfig
	if err := json.Unmarshal([]byte(os.Getenv("POD")), &config); err != nil {
		fail(err)
	}
	var book ledger
	if config.Ledger != "" {
		file, err := os.OpenFile(config.Ledger, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			fail(err)
		}
		book.file = file
	}
	var totals counters
	handler := func(_ any, stream grpc.ServerStream) error {
		var message []byte
		if err := stream.RecvMsg(&message); err != nil && err != io.EOF {
			return err
		}
		if method, _ := grpc.MethodFromServerStream(stream); strings.HasSuffix(method, "/ListTopicSubscriptions") {
			return stream.SendMsg(&config.Subscriptions)
		} else if !strings.HasSuffix(method, "Event") {
			return stream.SendMsg(&[]byte{})
		}
		id := ""
		if found := idInBody.FindSubmatch(message); book.file != nil && found != nil {
			id = string(found[1])
		}
		book.write(config.Name, "in", id, "")
		if config.DelayMs > 0 {
			select {
			case <-time.After(time.Duration(config.DelayMs) * time.Millisecond):
			case <-stream.Context().Done():
				book.write(config.Name, "cancelled", id, stream.Context().Err().Error())
				return stream.Context().Err()
			}
		}
		book.write(config.Name, "out", id, "ok")
		totals.count()
		return stream.SendMsg(&[]byte{})
	}
	server := grpc.NewServer(grpc.ForceServerCodec(rawCodec{}), grpc.UnknownServiceHandler(handler))
	listener, err := net.Listen("tcp", fmt.Sprintf("%s:%d", config.Address, config.Port))
	if err != nil {
		fail(err)
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGUSR1)
	go func() {
		for received := range signals {
			if received == syscall.SIGUSR1 {
				totals.printAndReset()
				continue
			}
			server.GracefulStop()
			os.Exit(0)
		}
	}()
	fmt.Println("listening")
	if err := server.Serve(listener); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
