// Load as daprd makes it: grpc-go, one connection, and in each call a deadline, a fresh trace id and one more fresh header.
// Arguments: address, calls, calls in flight, file with the message. Prints one line of JSON.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"sort"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
)

const (
	method   = "/dapr.proto.runtime.v1.AppCallback/OnTopicEvent"
	deadline = 30 * time.Second
)

// Messages as bytes: what they hold is nobody's business here.
type raw struct{}

func (raw) Name() string { return "proto" }

func (raw) Marshal(message any) ([]byte, error) { return *message.(*[]byte), nil }

func (raw) Unmarshal(bytes []byte, message any) error {
	*message.(*[]byte) = bytes
	return nil
}

type result struct {
	PerSecond float64 `json:"perSecond"`
	P50Micros float64 `json:"p50Micros"`
	P99Micros float64 `json:"p99Micros"`
	Failed    int64   `json:"failed"`
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	if err != nil {
		fail(err)
	}
	return value
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func call(conn *grpc.ClientConn, message *[]byte) error {
	trace := fmt.Sprintf("00-%016x%016x-%016x-01", rand.Uint64(), rand.Uint64(), rand.Uint64())
	fresh := fmt.Sprintf("%016x", rand.Uint64())
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	var answer []byte
	return conn.Invoke(metadata.AppendToOutgoingContext(ctx, "traceparent", trace, "metadata.key", fresh), method, message, &answer)
}

func main() {
	calls, inFlight := number(os.Args[2]), number(os.Args[3])
	framed, err := os.ReadFile(os.Args[4])
	if err != nil {
		fail(err)
	}
	// The file has the frame of the message, too; grpc-go makes its own.
	message := framed[5:]
	conn, err := grpc.NewClient("passthrough:///"+os.Args[1],
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDefaultCallOptions(grpc.ForceCodec(raw{})))
	if err != nil {
		fail(err)
	}
	if err := call(conn, &message); err != nil {
		fail(err)
	}
	times := make([]time.Duration, calls)
	var next, failed atomic.Int64
	var workers sync.WaitGroup
	began := time.Now()
	for worker := 0; worker < inFlight; worker++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for at := next.Add(1) - 1; at < int64(calls); at = next.Add(1) - 1 {
				sent := time.Now()
				if call(conn, &message) != nil {
					failed.Add(1)
				}
				times[at] = time.Since(sent)
			}
		}()
	}
	workers.Wait()
	took := time.Since(began)
	sort.Slice(times, func(one, other int) bool { return times[one] < times[other] })
	at := func(share float64) float64 { return float64(times[int(share*float64(calls-1))].Nanoseconds()) / 1000 }
	line, err := json.Marshal(result{PerSecond: float64(calls) / took.Seconds(), P50Micros: at(0.5), P99Micros: at(0.99), Failed: failed.Load()})
	if err != nil {
		fail(err)
	}
	fmt.Println(string(line))
}
